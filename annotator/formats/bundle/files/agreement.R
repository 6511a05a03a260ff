# Recomputes the figures of report.csv from ratings.csv and prints both. Needs base R alone:  Rscript agreement.R
# It shares no code with the program that made the report.

source("coefficients.R")

table_of <- function(name) {
  read.csv(name, colClasses = "character", na.strings = character(0), encoding = "UTF-8", check.names = FALSE)
}
ratings <- table_of("ratings.csv")
questions <- table_of("questions.csv")
values <- table_of("values.csv")
annotators <- table_of("annotators.csv")$annotator
report <- table_of("report.csv")
OPEN <- 2000 # more different answers are no closed list; the report gives their percentage alone

# --- One variable -----------------------------------------------------------------------------------------------------

figures_of_spans <- function(units) {
  any_span <- any(vapply(units, function(unit) any(vapply(unit$spans, nrow, 0L) > 0), NA))
  if (!length(units) || !any_span) return(function(measure) NA)
  cut <- cut_units(units)
  marked <- ifelse(cut$label == "", "", "marked")
  function(measure) switch(measure,
    char_alpha = char_alpha(cut, cut$label),
    char_alpha_binary = char_alpha(cut, marked),
    u_alpha = u_alpha(units, cut, cut$label),
    u_alpha_binary = u_alpha(units, cut, marked),
    span_f1_exact = span_f1(units, same_spans, length(annotators)),
    span_f1_exact_unlabelled = span_f1(bare(units), same_spans, length(annotators)),
    span_f1_overlap = span_f1(units, met_spans, length(annotators)),
    span_f1_overlap_unlabelled = span_f1(bare(units), met_spans, length(annotators)),
    NULL
  )
}

figures_of_answers <- function(d, level, q, number, sets) {
  distinct <- function(masi) {
    used <- sort(unique(d$v))
    alpha(list(u = d$u, r = d$r, v = match(d$v, used)), set_distance(sets[used], masi))
  }
  open <- level == "text" || (level %in% c("nominal", "ordinal", "masi", "jaccard") && q > OPEN)
  function(measure) switch(measure,
    percent_agreement = percent(d),
    percent_agreement_pairable = percent(d, TRUE),
    krippendorff_alpha_nominal = if (open) NA else nominal(d),
    krippendorff_alpha_ordinal = ordinal(d, q),
    krippendorff_alpha_interval = interval(d, number),
    krippendorff_alpha_ratio = ratio(d, number),
    krippendorff_alpha_masi = distinct(TRUE),
    krippendorff_alpha_jaccard = distinct(FALSE),
    fleiss_kappa = corrected(d, q, "fleiss"),
    gwet_ac = corrected(d, q, "ac"),
    brennan_prediger = corrected(d, q, "bp"),
    cohen_kappa = two_raters(d, q),
    scott_pi = two_raters(d, q, TRUE),
    icc_1 = icc_1(d, number),
    icc_a1 = icc_a1(d, number),
    NULL
  )
}

presence <- function(d, holds) nominal(list(u = d$u, r = d$r, v = 1L + holds[d$v]))
of_raters <- function(d, who) {
  kept <- d$r %in% who
  list(u = d$u[kept], r = d$r[kept], v = d$v[kept])
}

# A function from a line of the report to its figure; NULL where this script has no such figure.
recomputing <- function(key) {
  level <- questions$level[questions$variable == key]
  own <- ratings[ratings$variable == key, ]
  known <- values[values$variable == key, ]
  unit_key <- paste(own$sentence, own$unit_start, own$article)
  unit <- match(unit_key, unique(unit_key))
  rater <- match(own$annotator, annotators)
  answer <- paste(unit, rater)
  first <- !duplicated(answer)
  d <- list(u = unit[first], r = rater[first])
  pair_names <- outer(annotators, annotators, paste, sep = "|")
  raters_of <- function(line) as.integer(which(pair_names == line$key, arr.ind = TRUE)[1, ])
  listed <- known$value
  if (level == "span") {
    labels <- unique(c(listed, own$value[own$state == "answered"]))
    units <- spans_by_unit(own, unit, rater, labels)
    several <- only_raters(units, seq_along(annotators))
    of_all <- figures_of_spans(several)
    cut <- if (length(several)) cut_units(several) else NULL
    holding <- function(line) which(labels == line$key)
    known_pairs <- list()
    of_pair <- function(line) {
      if (is.null(known_pairs[[line$key]])) {
        known_pairs[[line$key]] <<- figures_of_spans(only_raters(units, raters_of(line)))
      }
      known_pairs[[line$key]]
    }
    return(function(line) switch(line$of,
      variable = of_all(line$measure),
      pair = of_pair(line)(line$measure),
      value = if (is.null(cut)) NA else if (line$measure == "char_alpha") {
        has <- vapply(strsplit(cut$label, ","), function(labels) holding(line) %in% labels, NA)
        if (all(cut$label == "")) NA else char_alpha(cut, has)
      } else {
        marked <- own$state == "answered" & own$value == line$key
        held <- paste(unit, rater)[first] %in% paste(unit, rater)[marked]
        presence(list(u = d$u, r = d$r, v = 1L + held), c(FALSE, TRUE))
      }
    ))
  }
  sets <- NULL
  if (level %in% c("masi", "jaccard")) {
    members <- match(own$value, unique(c(listed, own$value)))
    members[own$state == "none"] <- NA
    each <- split(members, factor(answer, unique(answer)))
    each <- lapply(each, function(own) sort(unique(own[!is.na(own)])))
    written <- vapply(each, paste, "", collapse = ",")
    sets <- unname(each[!duplicated(written)])
    d$v <- match(written, unique(written))
    q <- length(sets)
    number <- NULL
    all_keys <- unique(c(listed, own$value))
    holds <- function(line) vapply(sets, function(own) match(line$key, all_keys) %in% own, NA)
  } else {
    order <- if (nrow(known)) listed else unique(own$value)
    d$v <- match(own$value[first], order)
    q <- length(order)
    number <- suppressWarnings(as.numeric(if (nrow(known)) known$number else order))
    holds <- function(line) order == line$key
  }
  of_all <- figures_of_answers(d, level, q, number, sets)
  function(line) switch(line$of,
    variable = of_all(line$measure),
    pair = figures_of_answers(of_raters(d, raters_of(line)), level, q, number, sets)(line$measure),
    value = presence(d, holds(line))
  )
}

spans_by_unit <- function(own, unit, rater, labels) {
  spans <- cbind(as.numeric(own$span_start), as.numeric(own$span_end), match(own$value, labels))
  spans[own$state == "none", ] <- NA
  lapply(split(seq_along(unit), unit), function(rows) {
    list(
      start = as.numeric(own$unit_start[rows[1]]), end = as.numeric(own$unit_end[rows[1]]),
      spans = lapply(split(rows, rater[rows]), function(mine) {
        found <- spans[mine, , drop = FALSE]
        unique(found[!is.na(found[, 1]), , drop = FALSE])
      })
    )
  })
}

# --- The report, line by line -----------------------------------------------------------------------------------------

shown <- function(x) if (is.na(x)) "not defined" else format(x, digits = 15)
worst <- 0
wrong <- skipped <- 0
cat("variable,of,key,measure,recomputed,reported\n")
for (key in unique(report$variable)) {
  figure <- recomputing(key)
  lines <- report[report$variable == key, ]
  for (i in seq_len(nrow(lines))) {
    line <- as.list(lines[i, ])
    found <- figure(line)
    if (is.null(found)) {
      skipped <- skipped + 1
      next
    }
    said <- if (line$value == "") NA else as.numeric(line$value)
    cat(sprintf("%s,%s,\"%s\",%s,%s,%s\n", key, line$of, line$key, line$measure, shown(found), shown(said)))
    if (is.na(found) != is.na(said)) wrong <- wrong + 1
    if (!is.na(found) && !is.na(said)) worst <- max(worst, abs(found - said))
  }
}
cat(sprintf("%d figures; largest difference %.2g\n", nrow(report) - skipped, worst))
if (skipped) cat(sprintf("%d figures are not recomputed by this script; README.txt says which.\n", skipped))
if (wrong || worst > 1e-9) {
  cat(sprintf("%d figures are defined on one side only.\n", wrong))
  quit(status = 1)
}
