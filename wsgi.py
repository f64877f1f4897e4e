"""The application for any WSGI server: `gunicorn --config python:bot.web.gunicorn wsgi:app`."""

from bot.web.server import from_environment

process = from_environment()
app = process.app
