"""Networks compiled to WebAssembly."""
