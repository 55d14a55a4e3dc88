"""To come."""
from django.http import Http404

def export(request, *a, **k):
    raise Http404

def fetch_file(request, *a, **k):
    raise Http404

