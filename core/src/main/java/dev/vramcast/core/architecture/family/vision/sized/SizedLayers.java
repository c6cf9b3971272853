package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;
import java.util.Optional;

/**
 * Layers with a projection each for queries, keys and values, all with biases, two layer norms and
 * two linears.
 *
 * @param attention what its module is called
 * @param output what its last projection is called
 * @param norm what norms are called, but for their number
 * @param activation between its linears where {@code hidden_act} says none
 */
record SizedLayers(String attention, String output, String norm, String activation) {

  /**
   * One layer of a tower.
   *
   * @param rotated whether its queries and keys are
   */
  DecoderLayer of(ModelConfig vision, long size, long inner, boolean rotated) {
    PatchAttention.Turn turn =
        rotated
            ? PatchAttention.Turn.inFp32(Math.toIntExact(size / heads(vision)))
            : PatchAttention.Turn.NONE;
    return of(vision, size, inner, turn);
  }

  /** One layer whose queries and keys are rotated in a way of its own. */
  DecoderLayer of(ModelConfig vision, long size, long inner, PatchAttention.Turn turn) {
    int heads = heads(vision);
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    return DecoderLayer.builder()
        .mixer(
            new PatchAttention(
                heads,
                Math.toIntExact(size / heads),
                List.of(
                    new Linear(attention + ".q_proj", size, size, true),
                    new Linear(attention + ".k_proj", size, size, true),
                    new Linear(attention + ".v_proj", size, size, true)),
                new Linear(attention + "." + output, size, size, true),
                0,
                turn))
        .mlp(VisionEncoders.mlp(vision, size, inner, activation))
        .beforeMixer(Optional.of(VisionEncoders.norm(norm + "1", size)))
        .beforeMlp(Optional.of(VisionEncoders.norm(norm + "2", size)))
        .build();
  }

  /** Heads of such a layer. */
  static int heads(ModelConfig vision) {
    return Math.toIntExact(vision.size("num_attention_heads", 16));
  }
}
