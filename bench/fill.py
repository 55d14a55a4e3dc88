"""`python -m bench.fill 0.1`: fills the migrated database of the settings."""

import sys

if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    from bench.data import fill

    call_command("createcachetable", verbosity=0)
    fill(float(sys.argv[1]))
