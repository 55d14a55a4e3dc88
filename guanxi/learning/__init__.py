"""Rules made known to those they concern, confirmed and asked about; training by post and proof of competence."""
