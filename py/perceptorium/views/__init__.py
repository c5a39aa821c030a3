"""Pure views: frozen state in, `Element` tree out; nothing here knows about a page."""
