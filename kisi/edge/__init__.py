"""What stands before Streamlit: sign-in, the gate, headers, files."""
