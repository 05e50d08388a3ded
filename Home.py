"""KISI starts here: run by Streamlit it draws a page, imported it is the server's application."""

if __name__ == "__main__":
    from kisi.shell import show

    show()
else:
    import streamlit as st

    from kisi.server import (
        MIDDLEWARE,
        ROUTES,
        keep_pages_closed,
        lifespan,
        on_script_error,
    )

    keep_pages_closed()
    app = st.App(
        __file__,
        routes=ROUTES,
        middleware=MIDDLEWARE,
        lifespan=lifespan,
        on_script_error=on_script_error,
    )
