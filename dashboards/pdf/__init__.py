"""Paper: a brief as a tagged PDF (PDF/UA-1).

``paper.py`` says what stands on it (pure), ``templates/typst/`` how it looks, ``setting.py`` has
it set by ``worker.py``, a process of its own.
"""
