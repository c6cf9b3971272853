package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.JanusParts;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DeepSeek-VL and Janus: all patches of a SigLIP, brought to the width of Llama. */
final class AlignedVision {

  /** Begin and end of an image are no tokens of their own (DeepseekVLProcessor). */
  private static final int MARKS = 0;

  private AlignedVision() {}

  /** SigLIP and two linears. */
  static Architecture deepSeek(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "llama");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long hidden = text.hiddenSize();
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        VisionEncoders.siglip(tower, vision, "model.vision_model.vision_model", true);
    List<Linear> linears =
        List.of(
            new Linear("model.aligner.linear1", vision.size("hidden_size", 768), hidden, true),
            new Linear("model.aligner.linear2", hidden, hidden, true));
    linears.forEach(tower::linear);
    Encoder encoder =
        Encoder.of(
            stack,
            new Projector.Perceptron(Optional.empty(), linears, Activation.GELU),
            VisionEncoders.fixed(vision, VisionEncoders.patches(vision), MARKS));
    // What a head of the tower makes is not described.
    Tower built =
        vision.flag("vision_use_head", true)
            ? tower.build("vision")
            : tower.build("vision", encoder);
    return Wrapper.wrap(config, text, List.of(built));
  }

  /** What reads images, and at rest beside it what makes them. */
  static Architecture janus(ModelConfig config) {
    Architecture text =
        VisionLanguage.text(
            Keys.withDefaults(config, Map.of("tie_word_embeddings", true)), "llama");
    return Wrapper.wrap(
        config,
        text,
        List.of(
            JanusParts.vision(Wrapper.part(config, "vision_config"), "model.vision_model"),
            JanusParts.words(Wrapper.part(config, "vq_config"))));
  }
}
