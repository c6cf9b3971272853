package dev.vramcast.formats.write;

import java.util.Map;

/**
 * What is to be started.
 *
 * @param name of the run: lower-case letters, digits and hyphens, beginning with a letter, 50 at
 *     most
 * @param files the training file and those beside it, by name, with their comments
 */
public record Launch(String name, Start start, Map<String, String> files, Place place) {

  private static final int LONGEST_NAME = 50;

  /** A name for a run of a model that every launcher takes. */
  public static String name(String model, String method) {
    String last = model.substring(model.lastIndexOf('/') + 1) + "-" + method;
    String safe =
        last.toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^[^a-z]+", "");
    String cut = safe.substring(0, Math.min(LONGEST_NAME, safe.length())).replaceAll("-+$", "");
    return cut.isEmpty() ? "train" : cut;
  }
}
