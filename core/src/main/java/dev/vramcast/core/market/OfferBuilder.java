package dev.vramcast.core.market;

import dev.vramcast.core.hardware.Gpu;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An offer without a name, a region and a price, save what is set. */
public final class OfferBuilder {

  private @Nullable String provider;
  private String instance = "";
  private @Nullable Gpu gpu;
  private @Nullable Integer count;
  private HostSize host = HostSize.UNKNOWN;
  private Optional<UsdPerHour> onDemand = Optional.empty();
  private Optional<UsdPerHour> spot = Optional.empty();
  private String region = "";
  private @Nullable PriceDate asOf;
  private @Nullable String source;
  private OfferTerms terms = OfferTerms.UNKNOWN;

  OfferBuilder() {}

  OfferBuilder(Offer given) {
    this.provider = given.provider();
    this.instance = given.instance();
    this.gpu = given.gpu();
    this.count = given.count();
    this.host = given.host();
    this.onDemand = given.onDemand();
    this.spot = given.spot();
    this.region = given.region();
    this.asOf = given.asOf();
    this.source = given.source();
    this.terms = given.terms();
  }

  public OfferBuilder provider(String value) {
    this.provider = value;
    return this;
  }

  public OfferBuilder instance(String value) {
    this.instance = value;
    return this;
  }

  public OfferBuilder gpu(Gpu value) {
    this.gpu = value;
    return this;
  }

  public OfferBuilder count(int value) {
    this.count = value;
    return this;
  }

  public OfferBuilder host(HostSize value) {
    this.host = value;
    return this;
  }

  public OfferBuilder onDemand(Optional<UsdPerHour> value) {
    this.onDemand = value;
    return this;
  }

  public OfferBuilder spot(Optional<UsdPerHour> value) {
    this.spot = value;
    return this;
  }

  public OfferBuilder region(String value) {
    this.region = value;
    return this;
  }

  public OfferBuilder asOf(PriceDate value) {
    this.asOf = value;
    return this;
  }

  public OfferBuilder source(String value) {
    this.source = value;
    return this;
  }

  public OfferBuilder terms(OfferTerms value) {
    this.terms = value;
    return this;
  }

  /**
   * The value of all parts.
   *
   * @throws NullPointerException naming a part that has no default and is not set
   */
  public Offer build() {
    return new Offer(
        Objects.requireNonNull(provider, "provider"),
        instance,
        Objects.requireNonNull(gpu, "gpu"),
        Objects.requireNonNull(count, "count"),
        host,
        onDemand,
        spot,
        region,
        Objects.requireNonNull(asOf, "asOf"),
        Objects.requireNonNull(source, "source"),
        terms);
  }
}
