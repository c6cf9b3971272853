package dev.vramcast.core.hardware;

import java.util.Arrays;
import java.util.Map;

/** A value for every {@link SpeedCoefficient}. */
public final class SpeedCoefficients {

  /** As before any run is looked at. */
  public static final SpeedCoefficients BEFORE =
      new SpeedCoefficients(
          Arrays.stream(SpeedCoefficient.values()).mapToDouble(SpeedCoefficient::before).toArray());

  private final double[] values;

  private SpeedCoefficients(double[] values) {
    this.values = values;
  }

  /** These values, and those before of all others. */
  public static SpeedCoefficients of(Map<SpeedCoefficient, Double> values) {
    double[] all = BEFORE.values.clone();
    values.forEach((key, value) -> all[key.ordinal()] = value);
    return new SpeedCoefficients(all);
  }

  public double of(SpeedCoefficient key) {
    return values[key.ordinal()];
  }

  /** With another value for one of them. */
  public SpeedCoefficients with(SpeedCoefficient key, double value) {
    double[] all = values.clone();
    all[key.ordinal()] = value;
    return new SpeedCoefficients(all);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpeedCoefficients that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
