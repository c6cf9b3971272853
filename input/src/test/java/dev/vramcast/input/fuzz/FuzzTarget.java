package dev.vramcast.input.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is given whatever comes: a class of its own that throws for what is a mistake, and nothing
 * for what it refuses.
 *
 * @param told is the only parameter of its constructor; empty where that has none
 * @param seeds inputs to begin with: samples, and those that reached something new before
 */
public record FuzzTarget(Class<? extends Consumer<byte[]>> type, String told, List<byte[]> seeds) {

  public static FuzzTarget of(Class<? extends Consumer<byte[]>> type, List<byte[]> samples) {
    return of(type, "", samples);
  }

  public static FuzzTarget of(Class<? extends Consumer<byte[]>> type, String sample) {
    return of(type, List.of(sample.getBytes(StandardCharsets.UTF_8)));
  }

  public static FuzzTarget of(
      Class<? extends Consumer<byte[]>> type, String told, List<byte[]> samples) {
    List<byte[]> seeds = new ArrayList<>(samples);
    seeds.addAll(Kept.of(type, name(type, told)));
    return new FuzzTarget(type, told, List.copyOf(seeds));
  }

  String name() {
    return name(type, told);
  }

  private static String name(Class<?> type, String told) {
    return told.isEmpty() ? type.getSimpleName() : type.getSimpleName() + " " + told;
  }
}
