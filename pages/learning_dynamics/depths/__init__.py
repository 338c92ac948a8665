"""One prefactor, three losses: its view and link, its controls, its charts."""
