"""What is typed into the pages of surveys."""

from linsheng.surveys.forms.questionnaires import (
    BlockForm,
    IntroForm,
    QuestionForm,
    QuestionnaireForm,
    initial_of_block,
    initial_of_question,
)
from linsheng.surveys.forms.waves import WaveForm, initial_of_wave

__all__ = [
    "BlockForm",
    "IntroForm",
    "QuestionForm",
    "QuestionnaireForm",
    "WaveForm",
    "initial_of_block",
    "initial_of_question",
    "initial_of_wave",
]
