package dev.vramcast.answers.prices;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A machine for rent, for programs. */
@Describes("A machine for rent.")
public record OfferRecord(
    @Describes("Who rents it out.") String provider,
    @Describes("What the provider calls it.") String instance,
    @Describes(Meaning.GPU) String gpu,
    @Describes("How many of it.") int count,
    @Describes("Of the machine; null where it is not offered so.")
        Optional<UsdPerHour> onDemandUsdPerHour,
    @Describes("Of the machine; null where it is not offered so.")
        Optional<UsdPerHour> spotUsdPerHour,
    @Describes("Of one GPU; null where it is not offered so.")
        Optional<UsdPerHour> onDemandUsdPerGpuHour,
    @Describes("Of one GPU; null where it is not offered so.")
        Optional<UsdPerHour> spotUsdPerGpuHour,
    @Describes("Where it stands, as the provider calls it.") String region,
    @Describes("The day or the month of the price.") String asOf,
    AgeRecord age,
    @Describes("Where the price is from.") String source,
    @Describes("Memory of the processors; null where a list does not say.")
        OptionalLong hostMemoryBytes,
    @Describes("Of the machine's disk; null where a list does not say.") OptionalLong diskBytes,
    @Describes("Bits a second between machines of its kind; null where nothing is known of it.")
        OptionalDouble networkBits,
    @Describes("The least time that is billed; null where a list does not say.")
        Optional<Duration> leastBilledSeconds,
    @Describes("Billed before it can run anything; null where a list does not say.")
        Optional<Duration> startUpSeconds,
    @Describes("Of storage that the price leaves out; null where a list does not say.")
        OptionalDouble storageUsdPerGbMonth,
    @Describes("Of what leaves the machine; null where a list does not say.")
        OptionalDouble egressUsdPerGb,
    @Describes("Whether a private host rents it out, who may take it away at any time.")
        boolean peerToPeer,
    @Describes("The share of time that its host was there; null where a list does not say.")
        OptionalDouble reliability) {

  /** An offer as it is on a day. */
  public static OfferRecord of(Offer offer, LocalDate today) {
    OfferTerms terms = offer.terms();
    return new OfferRecord(
        offer.provider(),
        offer.instance(),
        offer.gpu().name(),
        offer.count(),
        offer.price(Purchase.ON_DEMAND),
        offer.price(Purchase.SPOT),
        offer.pricePerGpu(Purchase.ON_DEMAND),
        offer.pricePerGpu(Purchase.SPOT),
        offer.region(),
        offer.asOf().toString(),
        AgeRecord.of(offer.asOf().age(today)),
        offer.source(),
        offer.host().memoryBytes(),
        offer.host().diskBytes(),
        offer.host().networkBits(),
        terms.leastBilled(),
        terms.startUp(),
        terms.storageUsdPerGbMonth(),
        terms.egressUsdPerGb(),
        terms.peerToPeer(),
        terms.reliability());
  }
}
