package dev.vramcast.answers.plan;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.life.LeastHost;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.OfferFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leaves out machines whose list says that they have too little memory or disk for a job. */
final class MachineFilters {

  /** Names for people, as they stand beside the other constraints. */
  static final String MEMORY = Exclusion.HOST;

  static final String DISK = "disk";

  private final Architecture architecture;
  private final JobDocument document;
  private final Map<Integer, Optional<LeastHost>> byCount = new HashMap<>();

  private MachineFilters(Architecture architecture, JobDocument document) {
    this.architecture = architecture;
    this.document = document;
  }

  /** A filter for each of both. */
  static List<OfferFilter> of(Architecture architecture, JobDocument document) {
    MachineFilters filters = new MachineFilters(architecture, document);
    return List.of(
        new OfferFilter(MEMORY, offer -> filters.least(offer, LeastHost::fitsMemory)),
        new OfferFilter(DISK, offer -> filters.least(offer, LeastHost::fitsDisk)));
  }

  private interface Fits {
    boolean test(LeastHost least, HostSize host);
  }

  private boolean least(Offer offer, Fits fits) {
    return offer.host().isUnknown()
        || byCount
            .computeIfAbsent(offer.count(), this::of)
            .map(least -> fits.test(least, offer.host()))
            .orElse(true);
  }

  /** Empty where such a job cannot run on so many GPUs, which is counted elsewhere. */
  private Optional<LeastHost> of(int count) {
    try {
      JobDocument counted = document.withFlag(JobKey.GPU_COUNT, String.valueOf(count));
      return Optional.of(LeastHost.of(architecture, JobResolver.resolve(counted)));
    } catch (InputException e) {
      return Optional.empty();
    }
  }
}
