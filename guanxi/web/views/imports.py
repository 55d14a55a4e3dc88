"""To come."""
from django.http import Http404

def start(request, *a, **k):
    raise Http404

def template(request, *a, **k):
    raise Http404

def match(request, *a, **k):
    raise Http404

def run(request, *a, **k):
    raise Http404

def result(request, *a, **k):
    raise Http404

def errors(request, *a, **k):
    raise Http404

def undo(request, *a, **k):
    raise Http404

