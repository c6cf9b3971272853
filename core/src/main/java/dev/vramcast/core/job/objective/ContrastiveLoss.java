package dev.vramcast.core.job.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a loss over vectors of sentences compares with what. */
public enum ContrastiveLoss {
  /** Every anchor with all other texts of the batch. */
  RANKING(List.of("MultipleNegativesRankingLoss", "CachedMultipleNegativesRankingLoss", "infonce")),

  /** As {@link #RANKING}, and every positive with all anchors. */
  SYMMETRIC(
      List.of(
          "MultipleNegativesSymmetricRankingLoss", "CachedMultipleNegativesSymmetricRankingLoss")),

  /**
   * Every text with all of its own kind too, of which a guide's vectors tell the false negatives.
   */
  GUIDED(List.of("GISTEmbedLoss", "CachedGISTEmbedLoss")),

  /** The texts of an example with each other. */
  PAIRWISE(
      List.of(
          "CosineSimilarityLoss",
          "ContrastiveLoss",
          "OnlineContrastiveLoss",
          "TripletLoss",
          "cosine_similarity",
          "contrastive",
          "online_contrastive"));

  private static final String CACHED = "Cached";

  private final List<String> names;

  ContrastiveLoss(List<String> names) {
    this.names = names;
  }

  /** As trainers call them. */
  public static Set<String> known() {
    return Arrays.stream(values())
        .flatMap(each -> each.names.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The one of a name; empty where it is not known. */
  public static Optional<ContrastiveLoss> of(String name) {
    return Arrays.stream(values()).filter(each -> each.names.contains(name)).findFirst();
  }

  /** Whether a loss of this name caches gradients of vectors (GradCache). */
  public static boolean caches(String name) {
    return name.startsWith(CACHED);
  }
}
