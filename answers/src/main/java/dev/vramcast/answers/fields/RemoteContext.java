package dev.vramcast.answers.fields;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.time.LocalDate;

/**
 * What holds for somebody elsewhere who asks, and may name no file.
 *
 * @param network what the Hub may be used for
 * @param today tells how old prices are
 * @param prices that were fetched on this machine
 * @param progress is told how far a search is; what it throws ends the search
 * @param steps what is known of steps that this and others have asked about
 */
public record RemoteContext(
    Network network, LocalDate today, KeptPrices prices, Progress progress, RecentSteps steps) {

  /** The same, who is told otherwise. */
  public RemoteContext telling(Progress other) {
    return new RemoteContext(network, today, prices, other, steps);
  }
}
