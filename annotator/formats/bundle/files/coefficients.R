# The coefficients that agreement.R prints, in base R. Each names its source.

# --- Single answers: u unit, r rater, v value, all as numbers from 1 --------------------------------------------------

# How often each value was given in each unit: u, v, n, and m, the number of answers of the unit.
counted <- function(u, v) {
  key <- paste(u, v)
  first <- !duplicated(key)
  n <- tabulate(match(key, key[first]))
  m <- tabulate(u)[u[first]]
  list(u = u[first], v = v[first], n = n, m = m)
}

sums <- function(x, by, most) {
  found <- numeric(most)
  added <- rowsum(x, by)
  found[as.integer(rownames(added))] <- added
  found
}

pairable <- function(d) {
  kept <- tabulate(d$u, max(c(d$u, 0)))[d$u] >= 2
  list(u = d$u[kept], r = d$r[kept], v = d$v[kept])
}

# Gwet (2014), ch. 2: mean over units of the share of agreeing pairs; `by_answers` weighs a unit by its answers.
percent <- function(d, by_answers = FALSE) {
  d <- pairable(d)
  if (!length(d$u)) return(NA)
  k <- counted(d$u, d$v)
  own <- sums(k$n * (k$n - 1) / (k$m * (k$m - 1)), k$u, max(d$u))
  m <- tabulate(d$u)
  if (by_answers) sum(own * m) / sum(m) else sum(own) / sum(m > 0)
}

# Fleiss (1971), Gwet (2008, AC1), Brennan & Prediger (1981), with missing answers as in Gwet (2014); q values.
corrected <- function(d, q, chance) {
  agreement <- percent(d)
  if (is.na(agreement)) return(NA)
  k <- counted(d$u, d$v)
  p <- sums(k$n / k$m, k$v, q) / length(unique(d$u))
  expected <- switch(chance,
    fleiss = sum(p^2),
    ac = if (q > 1) sum(p * (1 - p)) / (q - 1) else NA,
    bp = if (q > 1) 1 / q else NA
  )
  if (is.na(expected) || 1 - expected <= 1e-12) NA else (agreement - expected) / (1 - expected)
}

# Krippendorff (2011): 1 - D_o / D_e. `apart` holds the squared distance of each two values.
alpha <- function(d, apart) {
  d <- pairable(d)
  if (!length(d$u)) return(NA)
  q <- nrow(apart)
  n <- length(d$u)
  total <- tabulate(d$v, q)
  counts <- matrix(0, max(d$u), q)
  k <- counted(d$u, d$v)
  counts[cbind(k$u, k$v)] <- k$n
  m <- rowSums(counts)
  counts <- counts[m > 0, , drop = FALSE]
  observed <- sum(rowSums((counts %*% apart) * counts) / (m[m > 0] - 1)) / n
  expected <- sum((total %*% apart) * total) / (n * (n - 1))
  if (expected > 0) 1 - observed / expected else NA
}

nominal <- function(d) {
  # Without a matrix of distances, so that many different values cost nothing: D_e = 1 - sum n_c (n_c - 1) / n (n - 1).
  d <- pairable(d)
  if (!length(d$u)) return(NA)
  n <- length(d$u)
  total <- tabulate(d$v)
  expected <- 1 - sum(total * (total - 1)) / (n * (n - 1))
  if (expected > 0) 1 - (1 - percent(d, TRUE)) / expected else NA
}

ordinal <- function(d, q) {
  total <- tabulate(pairable(d)$v, q)
  rank <- cumsum(total) - total / 2
  alpha(d, outer(rank, rank, "-")^2)
}

# The interval metric through moments: sum over pairs of (x - y)^2 is 2 (m sum x^2 - (sum x)^2).
interval <- function(d, number) {
  d <- pairable(d)
  if (!length(d$u)) return(NA)
  x <- number[d$v] - mean(number[d$v])
  spread <- function(m, first, second) {
    found <- m * second - first^2
    ifelse(found > 1e-12 * m * second, 2 * found, 0)
  }
  m <- tabulate(d$u)
  most <- length(m)
  inside <- spread(m, sums(x, d$u, most), sums(x^2, d$u, most))[m > 0]
  n <- length(x)
  expected <- spread(n, sum(x), sum(x^2)) / (n * (n - 1))
  if (expected > 0) 1 - sum(inside / (m[m > 0] - 1)) / n / expected else NA
}

ratio <- function(d, number) {
  total <- outer(number, number, "+")
  alpha(d, ifelse(total == 0, 0, outer(number, number, "-") / total)^2)
}

# Cohen (1960); with the shares of both raters pooled, Scott (1955).
two_raters <- function(d, q, pooled = FALSE) {
  who <- sort(unique(d$r))
  if (length(who) != 2) return(NA)
  first <- d$v[d$r == who[1]][match(seq_len(max(d$u)), d$u[d$r == who[1]])]
  second <- d$v[d$r == who[2]][match(seq_len(max(d$u)), d$u[d$r == who[2]])]
  both <- !is.na(first) & !is.na(second)
  if (!any(both)) return(NA)
  p <- tabulate(first[both], q) / sum(both)
  r <- tabulate(second[both], q) / sum(both)
  expected <- if (pooled) sum(((p + r) / 2)^2) else sum(p * r)
  if (1 - expected <= 1e-12) NA else (mean(first[both] == second[both]) - expected) / (1 - expected)
}

# McGraw & Wong (1996), table 4; k_0 for unequal numbers of raters as in Donner (1986).
icc_1 <- function(d, number) {
  d <- pairable(d)
  if (!length(d$u)) return(NA)
  x <- number[d$v]
  x <- x - mean(x)
  k <- tabulate(d$u)
  units <- sum(k > 0)
  n <- length(x)
  between <- sum((sums(x, d$u, length(k))^2 / k)[k > 0])
  noise <- 1e-12 * sum(x^2)
  of_units <- between - sum(x)^2 / n
  within <- sum(x^2) - between
  of_units <- ifelse(of_units > noise, of_units, 0) / max(units - 1, 1)
  within <- ifelse(within > noise, within, 0) / (n - units)
  each <- (n - sum(k^2) / n) / max(units - 1, 1)
  whole <- of_units + (each - 1) * within
  if (units > 1 && whole > 0) (of_units - within) / whole else NA
}

icc_a1 <- function(d, number) {
  who <- sort(unique(d$r))
  k <- length(who)
  if (k < 2) return(NA)
  x <- matrix(NA_real_, max(d$u), k)
  x[cbind(d$u, match(d$r, who))] <- number[d$v]
  x <- x[rowSums(is.na(x)) == 0, , drop = FALSE]
  n <- nrow(x)
  if (n < 2) return(NA)
  x <- x - mean(x)
  noise <- 1e-12 * sum(x^2)
  clean <- function(part) if (part > noise) part else 0
  between <- sum(rowSums(x)^2) / k
  of_raters <- clean(sum(colSums(x)^2) / n - sum(x)^2 / (n * k)) / (k - 1)
  error <- clean(sum(x^2) - between - (sum(colSums(x)^2) / n - sum(x)^2 / (n * k))) / ((n - 1) * (k - 1))
  of_units <- clean(between - sum(x)^2 / (n * k)) / (n - 1)
  whole <- of_units + (k - 1) * error + k / n * (of_raters - error)
  if (whole > 0) (of_units - error) / whole else NA
}

# --- Sets: v points into `sets`, each the sorted numbers of its members -----------------------------------------------

# Passonneau (2006): 1 - Jaccard * m, m = 1, 2/3, 1/3, 0 for equal, one within the other, overlapping, disjoint.
set_distance <- function(sets, masi) {
  members <- sort(unique(unlist(sets)))
  present <- t(vapply(sets, function(own) as.numeric(members %in% own), numeric(length(members))))
  present <- matrix(present, length(sets), length(members))
  shared <- present %*% t(present)
  size <- rowSums(present)
  smaller <- outer(size, size, pmin)
  larger <- outer(size, size, pmax)
  alike <- shared / pmax(smaller + larger - shared, 1)
  if (masi) alike <- alike * ifelse(shared == smaller, 2 / 3, 1 / 3)
  ifelse(shared == larger, 0, 1 - alike)
}

# --- Spans ------------------------------------------------------------------------------------------------------------
# A unit is a list with start, end and spans: one matrix (start, end, label) for each rater who answered, by his number.

pieces_of <- function(spans, edges) {
  at <- edges[-length(edges)]
  vapply(at, function(place) {
    over <- spans[spans[, 1] <= place & spans[, 2] > place, 3]
    paste(sort(unique(over)), collapse = ",")
  }, "")
}

# All units of two or more answers cut at all edges: one row a piece and rater.
cut_units <- function(units) {
  found <- lapply(seq_along(units), function(number) {
    unit <- units[[number]]
    edges <- sort(unique(c(unit$start, unit$end, unlist(lapply(unit$spans, function(own) own[, 1:2])))))
    lengths <- diff(edges)
    own <- unlist(lapply(unit$spans, pieces_of, edges))
    raters <- length(unit$spans)
    piece <- paste(number, seq_along(lengths))
    list(piece = rep(piece, raters), length = rep(lengths, raters), label = own)
  })
  column <- function(name) unlist(lapply(found, `[[`, name))
  piece <- column("piece")
  data.frame(
    piece = match(piece, unique(piece)), length = column("length"), label = column("label"), stringsAsFactors = FALSE
  )
}

# Characters on which two raters differ, over m - 1, and characters by value.
characters <- function(cut, label) {
  k <- counted(cut$piece, match(label, unique(label)))
  long <- cut$length[match(k$u, cut$piece)]
  same <- sum(long * k$n * (k$n - 1) / (k$m - 1))
  by_value <- rowsum(long * k$n, k$v)[, 1]
  list(differing = sum(by_value) - same, by_value = by_value)
}

against_chance <- function(disagreement, chance) if (chance > 0) 1 - disagreement / chance else NA

# Krippendorff (2011) with the character as the thing that is rated.
char_alpha <- function(cut, label) {
  if (!nrow(cut)) return(NA)
  found <- characters(cut, label)
  n <- sum(found$by_value)
  against_chance(found$differing * (n - 1), n^2 - sum(found$by_value^2))
}

# Krippendorff, Mathet, Bouvry & Widloecher (2016): a span is one thing that can't be paired with itself.
u_alpha <- function(units, cut, label) {
  if (!nrow(cut)) return(NA)
  found <- characters(cut, label)
  n <- sum(found$by_value)
  itself <- sum(vapply(units, function(unit) {
    sum(vapply(unit$spans, function(own) {
      edges <- sort(unique(c(unit$start, unit$end, own[, 1:2])))
      lengths <- diff(edges)
      sum(ifelse(pieces_of(own, edges) == "", lengths, lengths^2))
    }, 0))
  }, 0))
  against_chance(found$differing * (n^2 - itself), n * (n^2 - sum(found$by_value^2)))
}

# Hripcsak & Rothschild (2005): mean F1 over the pairs of raters that marked anything in a unit both answered.
span_f1 <- function(units, matches, most) {
  given <- matched <- matrix(0, most, most)
  for (unit in units) {
    who <- as.integer(names(unit$spans))
    for (a in seq_along(who)) for (b in seq_along(who)) if (a != b) {
      own <- unit$spans[[a]]
      other <- unit$spans[[b]]
      given[who[a], who[b]] <- given[who[a], who[b]] + nrow(own)
      matched[who[a], who[b]] <- matched[who[a], who[b]] + sum(matches(own, other))
    }
  }
  some <- given + t(given) > 0 & upper.tri(given)
  share <- matched / pmax(given, 1)
  both <- share + t(share)
  f1 <- ifelse(both > 0, 2 * share * t(share) / both, 0)
  if (any(some)) mean(f1[some]) else NA
}

keys <- function(own) paste(own[, 1], own[, 2], own[, 3])
same_spans <- function(own, other) keys(own) %in% keys(other)
met_spans <- function(own, other) {
  vapply(seq_len(nrow(own)), function(i) {
    any(other[, 3] == own[i, 3] & other[, 1] < own[i, 2] & other[, 2] > own[i, 1])
  }, NA)
}

bare <- function(units) {
  lapply(units, function(unit) {
    unit$spans <- lapply(unit$spans, function(own) {
      own[, 3] <- 0
      unique(own)
    })
    unit
  })
}

only_raters <- function(units, who) {
  units <- lapply(units, function(unit) {
    unit$spans <- unit$spans[as.integer(names(unit$spans)) %in% who]
    unit
  })
  units[vapply(units, function(unit) length(unit$spans) >= 2, NA)]
}
