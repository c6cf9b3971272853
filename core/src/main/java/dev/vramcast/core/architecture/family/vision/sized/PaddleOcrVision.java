package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/** PaddleOCR-VL's vision encoder: SigLIP's layers on images of any size, rotated by places. */
public final class PaddleOcrVision {

  private static final String PATH = "model.visual.vision_model";

  private static final String PROJECTOR = "model.projector.";

  /** {@code PaddleOCRVLImageProcessor.size}. */
  private static final long LEAST_PIXELS = 384 * 384;

  private static final long MOST_PIXELS = 1536 * 1536;

  private static final SizedLayers LAYERS =
      new SizedLayers("self_attn", "out_proj", "layer_norm", "gelu_pytorch_tanh");

  private PaddleOcrVision() {}

  /** Puts together the tower with its projector. */
  public static Tower read(ModelConfig vision, long textHidden) {
    long size = vision.size("hidden_size", 1152);
    TowerBuilder tower = new TowerBuilder();
    PatchEmbedding patches = patches(tower, vision, size);
    long inner = vision.size("intermediate_size", 4304);
    DecoderLayer layer = LAYERS.of(vision, size, inner, true);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 27);
    String layers = PATH + ".encoder.layers";
    Norm after = VisionEncoders.norm(PATH + ".post_layernorm", size);
    tower.layers(layers, layer, count).norm(after);
    VisionStack stack =
        new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile(
                "transformers/models/paddleocr_vl/modeling_paddleocr_vl.py",
                "PaddleOCR",
                "VisionEncoderLayer",
                ""),
            patches,
            layers,
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(after),
            VisionStack.Unread.NOTHING);
    Encoder encoder =
        QwenVision.encoder(
            stack,
            projector(tower, vision, size, textHidden),
            QwenVision.grid(vision, 14, LEAST_PIXELS, MOST_PIXELS));
    return tower.build("vision", encoder);
  }

  private static PatchEmbedding patches(TowerBuilder tower, ModelConfig vision, long size) {
    long patch = vision.size("patch_size", 14);
    long positions = VisionEncoders.square(vision.size("image_size", 384) / patch);
    String embeddings = PATH + ".embeddings.";
    ParameterTensor table = TowerBuilder.lookup(embeddings + "position_embedding", positions, size);
    VisionEncoders.patches(tower, vision, PATH, size, patch).tensor(table);
    long values = vision.size("num_channels", 3) * patch * patch;
    return PatchEmbedding.of(new Linear(embeddings + "patch_embedding", values, size, true))
        .positions(table, PatchEmbedding.Positions.Code.INTERPOLATED)
        .inputEmbedding(PatchEmbedding.InputEmbedding.NONE)
        .pixels(PatchEmbedding.Pixels.CAST);
  }

  private static Projector projector(
      TowerBuilder tower, ModelConfig vision, long size, long textHidden) {
    long merged = size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    Norm norm = VisionEncoders.norm(PROJECTOR + "pre_norm", size);
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + "linear_1", merged, merged, true),
            new Linear(PROJECTOR + "linear_2", merged, textHidden, true));
    tower.norm(norm);
    linears.forEach(tower::linear);
    return new Projector.Perceptron(
        Optional.of(norm), linears, Activation.GELU, Projector.Gathering.SQUARES_BY_IMAGE);
  }
}
