"""Addresses of the surveys; ``/s/`` is short because it stands on paper."""

from django.urls import URLPattern, URLResolver, path

from linsheng.surveys.views import answering, entry, exporting, letters, published, publishing, questionnaires, results, waves

app_name = "surveys"
VERSION = "surveys/questionnaires/versions/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("s/", answering.answer, name="answer"),
    path("s/done/", answering.done, name="done"),
    path("s/results/", published.after_answering, name="last_published"),
    path("s/<str:code>", answering.enter, name="enter"),
    path("surveys/mine/<int:pk>/", answering.mine, name="mine"),
    path("surveys/", waves.index, name="waves"),
    path("surveys/new/", waves.new, name="new_wave"),
    path("surveys/<int:pk>/", waves.wave, name="wave"),
    path("surveys/<int:pk>/edit/", waves.edit, name="edit_wave"),
    path("surveys/<int:pk>/open/", waves.open_wave, name="open_wave"),
    path("surveys/<int:pk>/remind/", waves.remind, name="remind_wave"),
    path("surveys/<int:pk>/close/", waves.close, name="close_wave"),
    path("surveys/<int:pk>/response/export/", waves.export_response, name="export_response"),
    path("surveys/<int:pk>/export/", exporting.export, name="export"),
    path("surveys/results/", published.index, name="published_index"),
    path("surveys/results/<int:pk>/", published.page, name="published"),
    path("surveys/<int:pk>/publish/", publishing.edit, name="publish"),
    path("surveys/<int:pk>/publish/preview/", publishing.preview, name="preview_publication"),
    path("surveys/<int:pk>/publish/now/", publishing.publish, name="publish_now"),
    path("surveys/<int:pk>/publish/withdraw/", publishing.withdraw, name="withdraw_publication"),
    path("surveys/<int:pk>/paper/", exporting.blank, name="paper"),
    path("surveys/<int:pk>/results/", results.page, name="results"),
    path("surveys/<int:pk>/results/<slug:part>/", results.page, name="results_part"),
    path("surveys/<int:pk>/letters/", letters.index, name="letters"),
    path("surveys/<int:pk>/letters/print/", letters.building, name="print_letters"),
    path("surveys/<int:pk>/letters/replace/", letters.replace, name="replace_letter"),
    path("surveys/entry/", entry.index, name="entry"),
    path("surveys/entry/<int:pk>/", entry.form, name="enter_form"),
    path("surveys/entry/<int:pk>/check/", entry.check, name="check_entry"),
    path("surveys/entry/<int:pk>/drop/", entry.drop, name="drop_entry"),
    path("surveys/questionnaires/", questionnaires.index, name="questionnaires"),
    path("surveys/questionnaires/new/", questionnaires.new, name="new_questionnaire"),
    path("surveys/questionnaires/default/", questionnaires.install_default, name="install_default"),
    path("surveys/questionnaires/<int:pk>/draft/", questionnaires.draft, name="draft_version"),
    path(VERSION, questionnaires.version, name="version"),
    path(f"{VERSION}preview/", questionnaires.preview, name="preview"),
    path(f"{VERSION}intro/", questionnaires.intro, name="intro"),
    path(f"{VERSION}change/", questionnaires.change, name="change_version"),
    path(f"{VERSION}blocks/new/", questionnaires.block, name="new_block"),
    path(f"{VERSION}blocks/<int:block_pk>/", questionnaires.block, name="block"),
    path(
        "surveys/questionnaires/versions/<int:pk>/blocks/<int:block_pk>/questions/new/",
        questionnaires.new_question,
        name="new_question",
    ),
    path(f"{VERSION}questions/<int:question_pk>/", questionnaires.question, name="question"),
]
