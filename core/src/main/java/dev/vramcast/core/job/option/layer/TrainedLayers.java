package dev.vramcast.core.job.option.layer;

import dev.vramcast.core.input.Named;
import java.util.stream.IntStream;

/**
 * Which layers are trained where the others are not.
 *
 * @param count how many; 0 for none
 * @param place where they are
 */
public record TrainedLayers(int count, Place place) {

  /** None: everything or nothing of the base is trained. */
  public static final TrainedLayers NONE = new TrainedLayers(0, Place.LAST);

  /** Where the layers are (llamafactory/model/adapter.py _setup_freeze_tuning). */
  public enum Place implements Named {
    /** The last ones. */
    LAST("last"),
    /** The first ones ({@code freeze_trainable_layers} below 0). */
    FIRST("first"),
    /**
     * The last of each of {@code count} equal groups ({@code use_llama_pro}: those that an expanded
     * model has more than the one that it was made of).
     */
    SPREAD("spread");

    private final String label;

    Place(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  /** Whether so many layers can be divided as the place asks for. */
  public boolean fits(int layers) {
    return count <= layers && (place != Place.SPREAD || count == 0 || layers % count == 0);
  }

  /** Whether a layer, counted from 0, is one of them. */
  public boolean covers(int layer, int layers) {
    return switch (place) {
      case LAST -> layers - count <= layer && layer < layers;
      case FIRST -> layer < count;
      case SPREAD -> count > 0 && (layer + 1) % stride(layers) == 0;
    };
  }

  /** Layers before which one is trained and the one in front is not, or the other way round. */
  public IntStream borders(int layers) {
    return IntStream.range(1, layers)
        .filter(layer -> covers(layer, layers) != covers(layer - 1, layers));
  }

  /** Layers that a backward pass runs through, which is from the last to the first of them. */
  public int reached(int layers) {
    return switch (place) {
      case LAST -> Math.min(count, layers);
      case FIRST -> layers;
      case SPREAD -> count == 0 ? 0 : layers - stride(layers) + 1;
    };
  }

  private int stride(int layers) {
    return Math.max(1, layers / count);
  }
}
