package dev.vramcast.formats.snapshot;

import dev.vramcast.core.calibration.Component;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which component memory is for, by the stack that asked for it. Names are those of PyTorch 2.15,
 * Transformers 5.24, PEFT 0.21 and bitsandbytes 0.50.
 *
 * <p>The backward pass runs on a thread of its own, so that with Python's stacks alone what it
 * makes has no frames, unless Python runs in it, as recomputation does.
 */
final class StackRules {

  private static final Pattern OPTIMIZER_FILE =
      Pattern.compile("(torch|bitsandbytes|torchao|apex|deepspeed)/(ops/)?(optim|adam).*");

  /** Where optimizers make their states: torch, bitsandbytes, torchao. */
  private static final Set<String> STATES =
      Set.of("_init_group", "init_state", "get_state_buffer", "_new_buffer");

  private static final Pattern LOSS =
      Pattern.compile("(?i).*(cross_?entropy|nll_?loss|log_?softmax|ForCausalLMLoss).*");

  /** Where models and adapters are made, read and moved. */
  private static final Set<String> LOADING =
      Set.of(
          "from_pretrained",
          "load_state_dict",
          "_load_pretrained_model",
          "inject_adapter",
          "update_layer",
          "_move_adapter_to_device_of_base_layer",
          "_apply");

  private static final Pattern LOADING_FILE =
      Pattern.compile(".*(core_model_loading|safetensors/torch)\\.py");

  private static final Pattern MODELING_FILE = Pattern.compile("(.*/)?modeling_(?!utils)\\w+\\.py");

  private static final Pattern STEP_FILE =
      Pattern.compile(
          ".*(torch/utils/checkpoint|torch/nn/modules/\\w+|torch/nn/functional|peft/tuners/.*"
              + "|torch/autograd/function|unsloth/kernels/\\w+|liger_kernel/.*)\\.py");

  private final Walk walk;

  StackRules(Walk walk) {
    this.walk = walk;
  }

  /** The component, or empty where the stack does not tell. */
  Optional<Component> ofStack(List<?> frames) {
    boolean step = false;
    boolean backward = false;
    boolean loading = false;
    boolean loss = false;
    boolean optimizer = false;
    boolean states = false;
    int modeling = 0;
    for (Object item : frames) {
      Map<?, ?> frame = walk.map(item, "a frame");
      String file = walk.text(frame, "filename").replace('\\', '/');
      String name = walk.text(frame, "name");
      if (name.contains("AccumulateGrad")) {
        return Optional.of(Component.GRADIENTS);
      }
      optimizer |= isOptimizer(file);
      states |= STATES.contains(name);
      loss |= LOSS.matcher(name).matches() || LOSS.matcher(file).matches();
      boolean modelingFile = MODELING_FILE.matcher(file).matches();
      loading |= LOADING.contains(name) || LOADING_FILE.matcher(file).matches();
      loading |= modelingFile && name.equals("__init__");
      step |= STEP_FILE.matcher(file).matches();
      backward |= name.contains("Backward") || name.contains("autograd::Engine");
      modeling += modelingFile && name.equals("forward") ? 1 : 0;
    }
    if (optimizer) {
      return Optional.of(states ? Component.OPTIMIZER : Component.STEP);
    }
    if (loss || modeling == 1) {
      // One frame of modeling code is that of the model with its head: layers have more above them.
      return Optional.of(Component.LOGITS_AND_LOSS);
    }
    if (modeling > 1) {
      return Optional.of(Component.STEP);
    }
    return loading
        ? Optional.of(Component.WEIGHTS)
        : step || backward ? Optional.of(Component.STEP) : Optional.empty();
  }

  /** The component of what {@code zero_grad} lets go. */
  Optional<Component> ofFree(List<?> frames) {
    for (Object item : frames) {
      if (walk.text(walk.map(item, "a frame"), "name").equals("zero_grad")) {
        return Optional.of(Component.GRADIENTS);
      }
    }
    return Optional.empty();
  }

  private static boolean isOptimizer(String file) {
    for (String root : List.of("torch/", "bitsandbytes/", "torchao/", "apex/", "deepspeed/")) {
      int at = file.lastIndexOf(root);
      if (at >= 0 && OPTIMIZER_FILE.matcher(file.substring(at)).matches()) {
        return true;
      }
    }
    return false;
  }
}
