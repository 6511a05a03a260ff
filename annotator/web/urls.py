from django.urls import path

from annotator.web import (
    agreement,
    boundaries,
    calculator,
    codebook_editor,
    coding,
    export,
    hints,
    imports,
    jobs,
    notes,
    round_codebooks,
    sources,
    splitting,
)

BOUNDARIES = "p/<slug:slug>/articles/<int:article_id>/boundaries/"
ROUND_CODEBOOK = "p/<slug:slug>/rounds/<int:round_id>/codebook/"

urlpatterns = [
    path("agreement/", calculator.calculator, name="calculator"),
    path("agreement/project/", calculator.calculator_project, name="calculator_project"),
    path("p/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("p/<slug:slug>/agreement/download/", agreement.agreement_download, name="agreement_download"),
    path("p/<slug:slug>/codebook/start/", codebook_editor.codebook_start, name="codebook_start"),
    path("p/<slug:slug>/codebook/<int:number>/edit/", codebook_editor.codebook_edit, name="codebook_edit"),
    path("p/<slug:slug>/codebook/<int:number>/discard/", codebook_editor.codebook_discard, name="codebook_discard"),
    path("p/<slug:slug>/codebook/sources/", sources.sources, name="sources"),
    path("p/<slug:slug>/code/", coding.code, name="code"),
    path("p/<slug:slug>/code/<int:assignment_id>/", coding.coding, name="coding"),
    path("p/<slug:slug>/code/<int:assignment_id>/save/", coding.save, name="save_label"),
    path("p/<slug:slug>/code/<int:assignment_id>/note/", coding.note, name="leave_note"),
    path("p/<slug:slug>/code/<int:assignment_id>/hints/", hints.log_hint_acts, name="log_hints"),
    path("p/<slug:slug>/export/hints/", hints.download_hint_log, name="hint_log"),
    path("p/<slug:slug>/notes/", notes.notes, name="notes"),
    path("p/<slug:slug>/notes/<int:note_id>/", notes.answer, name="answer_note"),
    path("p/<slug:slug>/articles/import/", imports.article_import, name="article_import"),
    path(BOUNDARIES, boundaries.boundaries, name="boundaries"),
    path(f"{BOUNDARIES}apply/", boundaries.apply_boundaries, name="apply_boundaries"),
    path(f"{BOUNDARIES}undo/", boundaries.undo_boundaries, name="undo_boundaries"),
    path("p/<slug:slug>/export/", export.export_page, name="export"),
    path("p/<slug:slug>/export/download/", export.export_download, name="export_download"),
    path("p/<slug:slug>/jobs/", jobs.job_list, name="jobs"),
    path("p/<slug:slug>/jobs/<int:job_id>/", jobs.job, name="job"),
    path("p/<slug:slug>/jobs/<int:job_id>/cancel/", jobs.cancel_job, name="cancel_job"),
    path(ROUND_CODEBOOK, round_codebooks.round_codebook, name="round_codebook"),
    path(f"{ROUND_CODEBOOK}move/", round_codebooks.move, name="move_round"),
    path(f"{ROUND_CODEBOOK}undo/", round_codebooks.undo, name="undo_move"),
    path("p/<slug:slug>/settings/again/", splitting.again, name="split_again"),
    path("p/<slug:slug>/settings/kinds/", splitting.kinds, name="kinds"),
    path("p/<slug:slug>/labels/import/", imports.label_import, name="label_import"),
]
