package dev.vramcast.core.architecture.family.sound;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.vision.PatchEmbedding.Positions.Code;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.SoundGrid;
import java.util.List;
import java.util.Optional;

/** Whisper's encoder before a language model, whose tokens stand among those of the text. */
public final class ListeningTowers {

  private static final String TOWER = "audio_tower";
  private static final String PROJECTOR = "multi_modal_projector";

  private ListeningTowers() {}

  /** Voxtral: segments of thirty seconds, four states of which a projector brings together. */
  public static Tower voxtral(ModelConfig config, ModelConfig audio, long textHidden) {
    WhisperEncoder encoder = new WhisperEncoder(audio, TOWER);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        encoder.read(tower, WhisperEncoder.TRAITS, file("voxtral", "Voxtral"), Code.IN_FP32);
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + ".linear_1", encoder.inner(), textHidden, false),
            new Linear(PROJECTOR + ".linear_2", textHidden, textHidden, false));
    linears.forEach(tower::linear);
    Activation activation = Mlps.activation(config, "projector_hidden_act", "gelu");
    return tower.build(
        "audio",
        Encoder.of(
                stack,
                new Projector.Perceptron(Optional.empty(), linears, activation),
                new SoundGrid(SoundGrid.Way.SEGMENTS, encoder.states()))
            .joined(Encoder.Joining.UNRETURNED));
  }

  /** Qwen2-Audio: one segment of thirty seconds, whose states are averaged in pairs. */
  public static Tower qwen2(ModelConfig audio, long textHidden) {
    WhisperEncoder encoder = new WhisperEncoder(audio, TOWER);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        encoder
            .read(tower, WhisperEncoder.TRAITS, file("qwen2_audio", "Qwen2Audio"), Code.WHOLE)
            .pooled(new PatchPool.Pairs(false));
    Linear linear = new Linear(PROJECTOR + ".linear", encoder.size(), textHidden, true);
    tower.linear(linear);
    return tower.build(
        "audio",
        Encoder.of(
                stack,
                new Projector.Perceptron(Optional.empty(), List.of(linear), Activation.GELU),
                new SoundGrid(SoundGrid.Way.ONE_SEGMENT, encoder.states()))
            .joined(Encoder.Joining.CHOSEN));
  }

  private static ModelingFile file(String type, String prefix) {
    return new ModelingFile(
        "transformers/models/" + type + "/modeling_" + type + ".py", prefix, "EncoderLayer", "");
  }
}
