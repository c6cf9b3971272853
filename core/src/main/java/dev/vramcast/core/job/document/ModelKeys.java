package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.choices;
import static dev.vramcast.core.job.value.ValueKind.dataType;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.text;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.word;
import static dev.vramcast.core.job.value.ValueKind.words;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;

import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.job.value.TextOrObject;
import java.util.List;

/** Keys of the model, and of what of it is trained. */
final class ModelKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key(
                  "model.id",
                  "--model",
                  text(),
                  rule("required, or model.config"),
                  "Hub id or catalogue name of the model")
              .called("Model"),
          key(
              "model.config",
              "--model-config",
              new TextOrObject("the content of a config.json, or its path", false),
              rule("looked up by model.id"),
              "config.json of the model; wins over the catalogue"),
          key(
              "model.dtype",
              "--model-dtype",
              dataType(FP32, BF16, FP16).and(AsPublished.DTYPE),
              is("bf16"),
              "dtype of loaded weights that are not quantised; auto is that of the checkpoint"),
          key(
              "model.quantization.scheme",
              "--quantization",
              choice(QuantizationScheme.values()),
              is("none"),
              "storage of the frozen base"),
          key(
              "model.quantization.double_quant",
              yesOrNo(),
              is("false"),
              "the block constants of nf4 and fp4 are quantised again"),
          key(
              "model.quantization.implementation",
              "--quantization-implementation",
              text(),
              is("bitsandbytes"),
              "who holds the quantised weight"),
          key(
              "model.quantization.experts",
              "--quantize-experts",
              yesOrNo(),
              is("false"),
              "experts that are one parameter are quantised too, and made whole for a pass"),
          key(
              "model.mixer",
              word("kernel", "torch"),
              is("kernel"),
              "whether Mamba and delta-rule layers run fused kernels or their torch path"),
          key(
              "model.class",
              "--model-class",
              choice(ModelClass.values()),
              is("published"),
              "class it is loaded in: its config's, AutoModelForCausalLM's, or its language"
                  + " model's alone"),
          key(
              "model.use_cache",
              yesOrNo(),
              rule("framework's rule"),
              "the program lets the model's config have keys and values cached, config.use_cache"),
          key(
                  "profile",
                  choice(Profile.values()),
                  rule("recommended, and bare for a document or a training file"),
                  "what holds for settings that nobody gives")
              .called("Where nothing is said")
              .turned(Knob.of(Panel.METHOD)),
          key("method", choice(Method.values()), is("lora"), "what is trained, and how")
              .called("Method")
              .turned(Knob.of(Panel.METHOD)),
          key(
              "frozen",
              choices(FrozenPart.values()),
              is(""),
              "parts of a model with encoders that are neither trained nor adapted"),
          key(
              "trainable_layers",
              whole(1, 10_000),
              is("2"),
              "layers that method freeze trains, and nothing else"),
          key(
              "trainable_place",
              choice(TrainedLayers.Place.values()),
              is("last"),
              "where they are: the last, the first, or the last of each of as many equal groups"),
          key("lora.rank", whole(1, 65_536), is("16"), "rank of the adapters")
              .called("Rank of the adapters")
              .turned(Knob.doubled(Panel.TRAINING, "", 4, 512)),
          key("lora.alpha", number(0, 1e6), rule("2 x lora.rank"), "scale of the adapters"),
          key(
              "lora.block_size",
              whole(2, 65_536),
              is("32"),
              "features that each rotation of method oft turns"),
          key(
              "lora.feedforward_modules",
              words(0),
              is("down_proj,mlp.c_proj,dense_4h_to_h,fc2,fc_out,w2,output.dense"),
              "ends of the names of modules of which method ia3 scales the input"),
          key("lora.dropout", number(0, 1), is("0"), "dropout before the adapters"),
          key(
              "lora.targets",
              words(0),
              is("all-linear"),
              "all-linear, or names of the modules that get adapters; an empty list beside"
                  + " lora.target_parameters adapts no module"),
          key(
              "lora.modules_to_save",
              words(0),
              is(""),
              "modules trained in full beside the adapters"),
          key(
              "lora.dtype",
              "--lora-dtype",
              dataType(FP32, BF16, FP16),
              rule("PEFT's rule: fp32"),
              "dtype of the adapter weights"),
          key(
              "lora.kbit_prepare",
              yesOrNo(),
              rule("framework's rule"),
              "prepare_model_for_kbit_training was run: fp32 norms, embeddings and head"),
          key(
              "lora.target_parameters",
              words(0),
              is(""),
              "bare parameters, such as those of experts, that get adapters"));

  private ModelKeys() {}
}
