"""Putting the sentences of a refused action beside the fields they are about."""

from django import forms

from linsheng.core.errors import DomainError


def show_errors(form: forms.BaseForm, error: DomainError) -> None:
    """Add each field's sentence to the form; what is about no field of it stands at the top."""
    own = {name: sentence for name, sentence in error.fields.items() if name in form.fields}
    for name, sentence in own.items():
        form.add_error(name, str(sentence))
    if not own:
        form.add_error(None, str(error.message))
