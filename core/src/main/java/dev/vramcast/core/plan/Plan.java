package dev.vramcast.core.plan;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.plan.search.Exclusion;
import java.util.List;
import java.util.Optional;

/**
 * What a search found.
 *
 * @param lines the best offers, in the order of the ranking
 * @param next after the first line the next best by the ranking: the second line, and where a front
 *     has one line only the second cheapest offer; empty where there is none
 * @param candidates offers times settings, all of which were searched
 * @param exclusions what constraints left out, in their order
 * @param refusal why a candidate is not legal, where one is not
 * @param shortage why a candidate does not start for lack of memory, where one does not
 * @param memoryIsWhole whether every candidate within all other constraints was held against its
 *     card; otherwise it was not necessary, since it could not have been better
 */
public record Plan(
    List<PlanLine> lines,
    Optional<PlanLine> next,
    long candidates,
    List<Exclusion> exclusions,
    Optional<Notice> refusal,
    Optional<Notice> shortage,
    boolean memoryIsWhole) {

  public Plan {
    lines = List.copyOf(lines);
    exclusions = List.copyOf(exclusions);
  }

  /** Whether no candidate is left whose time, cost and memory matter. */
  public boolean isContradictory() {
    return lines.isEmpty() && exclusions.stream().noneMatch(Exclusion::isEstimated);
  }

  /** Whether the job is legal nowhere that the other constraints leave. */
  public boolean isIllegal() {
    return isContradictory()
        && exclusions.stream().anyMatch(each -> each.constraint().equals(Exclusion.LEGALITY));
  }
}
