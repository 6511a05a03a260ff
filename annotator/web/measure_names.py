"""What the coefficients are called on a page."""

from django.utils.translation import gettext as _


def measure_name(name: str) -> str:
    """The name of a measure of `annotator.core.agreement`."""
    names = {
        "krippendorff_alpha_nominal": _("Krippendorff’s alpha, nominal"),
        "krippendorff_alpha_ordinal": _("Krippendorff’s alpha, ordinal"),
        "krippendorff_alpha_interval": _("Krippendorff’s alpha, interval"),
        "krippendorff_alpha_ratio": _("Krippendorff’s alpha, ratio"),
        "krippendorff_alpha_masi": _("Krippendorff’s alpha, MASI"),
        "krippendorff_alpha_jaccard": _("Krippendorff’s alpha, Jaccard"),
        "percent_agreement": _("Percent agreement, units alike"),
        "percent_agreement_pairable": _("Percent agreement, answers alike"),
        "fleiss_kappa": _("Fleiss’ kappa"),
        "conger_kappa": _("Conger’s kappa"),
        "light_kappa": _("Light’s kappa"),
        "gwet_ac": _("Gwet’s AC1"),
        "brennan_prediger": _("Brennan and Prediger’s kappa"),
        "bennett_s": _("Bennett’s S"),
        "cohen_kappa": _("Cohen’s kappa"),
        "scott_pi": _("Scott’s pi"),
        "icc_1": _("ICC(1)"),
        "icc_a1": _("ICC(A,1)"),
    }
    return names.get(name, name)
