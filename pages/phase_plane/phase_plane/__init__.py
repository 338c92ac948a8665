"""Networks over the phase plane: view and link, controls, charts."""
