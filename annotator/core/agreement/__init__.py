"""Agreement of annotators: coefficients, their intervals, and the report of one variable."""

from .alpha import alpha_label, expected_disagreement, krippendorff_alpha, observed_disagreement
from .chance import (
    brennan_prediger,
    fleiss_kappa,
    fleiss_label,
    gwet_ac,
)
from .char_alpha import char_alpha, char_alpha_binary
from .coding import Coded, Ratings, encode
from .coefficient import Coefficient, Verdict, verdict
from .conger import conger_kappa
from .distance import set_distance
from .distribution import AnswerCounts
from .gamma import gamma, gamma_best_disorder
from .icc import icc_1, icc_a1
from .measures import ValueFigure
from .pairs import (
    bennett_s,
    cohen_expected_agreement,
    cohen_kappa,
    cohen_kappa_pairs,
    cohen_kappa_weighted,
    light_kappa,
    scott_pi,
)
from .percent import percent_agreement, percent_agreement_pairable
from .pull import Pull, PulledPair, PulledValue, pull
from .report import PairFigure, Resample, VariableReport, report_variable
from .resample import Resampling
from .span_f1 import span_f1_exact, span_f1_exact_unlabelled, span_f1_overlap, span_f1_overlap_unlabelled
from .spans import SpanRatings, span_ratings
from .unitising import cu_alpha, cu_coverage, ku_alpha, u_alpha, u_alpha_binary
from .unitising_1995 import alpha_u_1995, alpha_u_1995_expected, alpha_u_1995_label, alpha_u_1995_observed
from .units_needed import UnitsNeeded, fewest_units, units_needed, units_needed_of
from .variable import VariableRatings, attribution_parts
from .what_if import collapse

__all__ = [
    "AnswerCounts",
    "Coded",
    "Coefficient",
    "PairFigure",
    "Pull",
    "PulledPair",
    "PulledValue",
    "Ratings",
    "Resample",
    "Resampling",
    "SpanRatings",
    "UnitsNeeded",
    "ValueFigure",
    "VariableRatings",
    "VariableReport",
    "Verdict",
    "alpha_label",
    "alpha_u_1995",
    "alpha_u_1995_expected",
    "alpha_u_1995_label",
    "alpha_u_1995_observed",
    "attribution_parts",
    "bennett_s",
    "brennan_prediger",
    "char_alpha",
    "char_alpha_binary",
    "cohen_expected_agreement",
    "cohen_kappa",
    "cohen_kappa_pairs",
    "cohen_kappa_weighted",
    "collapse",
    "conger_kappa",
    "cu_alpha",
    "cu_coverage",
    "encode",
    "expected_disagreement",
    "fewest_units",
    "fleiss_kappa",
    "fleiss_label",
    "gamma",
    "gamma_best_disorder",
    "gwet_ac",
    "icc_1",
    "icc_a1",
    "krippendorff_alpha",
    "ku_alpha",
    "light_kappa",
    "observed_disagreement",
    "percent_agreement",
    "percent_agreement_pairable",
    "pull",
    "report_variable",
    "scott_pi",
    "set_distance",
    "span_f1_exact",
    "span_f1_exact_unlabelled",
    "span_f1_overlap",
    "span_f1_overlap_unlabelled",
    "span_ratings",
    "u_alpha",
    "u_alpha_binary",
    "units_needed",
    "units_needed_of",
    "verdict",
]
