"""To come."""
from django.http import Http404

def job_page(request, *a, **k):
    raise Http404

def cancel(request, *a, **k):
    raise Http404

