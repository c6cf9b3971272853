package dev.vramcast.answers.fields;

import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.time.LocalDate;

/**
 * What holds for somebody elsewhere who asks, and may name no file.
 *
 * @param network what the Hub may be used for
 * @param today tells how old prices are
 * @param progress is told how far a search is; what it throws ends the search
 * @param steps what is known of steps that this and others have asked about
 */
public record RemoteContext(
    Network network, LocalDate today, Progress progress, RecentSteps steps) {}
