"""KISI starts here: run by Streamlit it draws a page, imported it is the server's application."""

if __name__ == "__main__":
    from kisi.shell import show

    show()
else:
    import streamlit as st

    from kisi.server import MIDDLEWARE, ROUTES, lifespan, on_script_error

    # With a folder named pages/ Streamlit would serve those files past this one until the first
    # session has run; naming the navigation here switches that off.
    st.navigation([st.Page(lambda: None, title="KISI", url_path="start")])
    app = st.App(
        __file__,
        routes=ROUTES,
        middleware=MIDDLEWARE,
        lifespan=lifespan,
        on_script_error=on_script_error,
    )
