"""Plan work: the pages under /manage/."""
