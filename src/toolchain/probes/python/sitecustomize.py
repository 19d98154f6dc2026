# Loads the probe of `repro why`, and then the user's own sitecustomize as if this one were not there.
# Every version of Python has to be able to read this file.
import os
import sys


def _begin():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if not p or os.path.abspath(p) != here]
    if sys.version_info >= (3, 8) and os.environ.get("REPRO_PROBE"):
        sys.path.insert(0, here)
        try:
            import repro_probe
            repro_probe.begin(here)
        except Exception:
            # The program goes on without it; repro sees that nothing was told.
            pass
        finally:
            sys.path.remove(here)
    mine = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
    finally:
        if mine is not None:
            sys.modules.setdefault("sitecustomize", mine)


_begin()
del _begin
