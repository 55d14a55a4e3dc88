"""Installs the developer's tools into .venv, when their lock files changed. Standard library only."""

import run

if __name__ == "__main__":
    run.need_python()
    run.install("dev")
    run.install_libraries(dev=True)
