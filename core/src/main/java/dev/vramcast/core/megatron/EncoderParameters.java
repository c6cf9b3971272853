package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import java.util.function.Supplier;

/** Parameters of an encoder, whole on every rank and in the buffers that the layers are in. */
record EncoderParameters(ParameterBuffers buffers) implements Sharding {

  @Override
  public Parameter parameter(ParameterSpec spec) {
    return buffers.encoder(spec);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    return new InUnit<>(body.get(), ShardUnit.NONE);
  }

  /** Main gradients are there from the start. */
  @Override
  public void createGradients() {}
}
