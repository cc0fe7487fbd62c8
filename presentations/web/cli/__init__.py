"""Lectern from a shell: the commands of `flask --app wsgi`."""
