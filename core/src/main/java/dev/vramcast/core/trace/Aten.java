package dev.vramcast.core.trace;

/** Operators of PyTorch that many modules call (aten/src/ATen/native/native_functions.yaml). */
public final class Aten {

  public static final Operation ADD = Operation.of("aten::add");
  public static final Operation BMM = Operation.of("aten::bmm");
  public static final Operation CAT = Operation.of("aten::cat").backward("aten::slice");
  public static final Operation CLAMP = Operation.of("aten::clamp");
  public static final Operation CLONE = Operation.of("aten::clone");
  public static final Operation EMBEDDING =
      Operation.of("aten::embedding").backward("aten::embedding_dense_backward");
  public static final Operation EMPTY = Operation.of("aten::empty");
  public static final Operation EMPTY_LIKE = Operation.of("aten::empty_like");
  public static final Operation LOG = Operation.of("aten::log").backward("aten::div");
  public static final Operation ERF = Operation.of("aten::erf").backward("aten::mul");
  public static final Operation EXP = Operation.of("aten::exp").backward("aten::mul");
  public static final Operation VIEW = Operation.of("aten::view");
  public static final Operation EXPAND = Operation.of("aten::expand").backward("aten::sum");
  public static final Operation EYE = Operation.of("aten::eye");
  public static final Operation WHERE = Operation.of("aten::where");
  public static final Operation GATHER = Operation.of("aten::gather").backward("aten::scatter_add");
  public static final Operation GELU = Operation.of("aten::gelu").backward("aten::gelu_backward");
  public static final Operation INDEX = Operation.of("aten::index").backward("aten::index_put");
  public static final Operation LOG_SOFTMAX =
      Operation.of("aten::_log_softmax").backward("aten::_log_softmax_backward_data");
  public static final Operation MASKED_FILL = Operation.of("aten::masked_fill");
  public static final Operation MEAN = Operation.of("aten::mean").backward("aten::div");
  public static final Operation MM = Operation.of("aten::mm");
  public static final Operation MUL = Operation.of("aten::mul");
  public static final Operation NATIVE_DROPOUT =
      Operation.of("aten::native_dropout").backward("aten::native_dropout_backward");
  public static final Operation POW = Operation.of("aten::pow").backward("aten::mul");
  public static final Operation RELU =
      Operation.of("aten::relu").backward("aten::threshold_backward");
  public static final Operation SQRT = Operation.of("aten::sqrt").backward("aten::div");
  public static final Operation RSQRT = Operation.of("aten::rsqrt").backward("aten::mul");
  public static final Operation SIGMOID =
      Operation.of("aten::sigmoid").backward("aten::sigmoid_backward");
  public static final Operation SILU = Operation.of("aten::silu").backward("aten::silu_backward");
  public static final Operation SLICE =
      Operation.of("aten::slice").backward("aten::slice_backward");
  public static final Operation SOFTMAX =
      Operation.of("aten::_softmax").backward("aten::_softmax_backward_data");
  public static final Operation SOFTPLUS =
      Operation.of("aten::softplus").backward("aten::softplus_backward");
  public static final Operation SUB = Operation.of("aten::sub");
  public static final Operation TANH = Operation.of("aten::tanh").backward("aten::tanh_backward");
  public static final Operation TO_COPY = Operation.of("aten::_to_copy");
  public static final Operation ZEROS = Operation.of("aten::zeros");

  /** Gradients that meet are added by autograd's engine. */
  public static final Operation ACCUMULATE =
      Operation.of("aten::add", "torch/csrc/autograd/input_buffer.cpp accumulate");

  private Aten() {}
}
