package dev.vramcast.catalog.fuzz;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.weights.SafetensorsHeader;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.input.fuzz.Fuzz;
import dev.vramcast.input.fuzz.FuzzTarget;
import dev.vramcast.input.fuzz.RefusesInOneLine;
import dev.vramcast.input.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Price lists, models' configs and headers of weights that nobody wrote. */
@Tag("slow")
@Order(1)
class CatalogFuzzTest {

  private static final int INPUTS = 2_000;

  private static final List<String> LISTS =
      List.of(
          "provider,region,instance,gpu,count,on_demand,spot,source,as_of\n"
              + "aws,us,p5,H100,8,50,\"12,5\",x,2026-09-01\nx,eu,y,l4,1,0.7,,,\n",
          "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,"
              + "Region,AvailabilityZone\np4d,A100,8.0,96,1152,\"{'Gpus': [{'Name': 'A100', "
              + "'Count': 8.0}], 'TotalGpuMemoryInMiB': 327680}\",21.9,6.5,us-east-1,us-east-1a\n"
              + ",tpu-v5e-8,1,,,,3.2,,us,us-a\n",
          "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,"
              + "gpu_vendor,flags,cpu_arch,provider_data\n"
              + "a3,eu,3.6,24,220.0,1,A100,80.0,False,,nvidia,[],x86,{}\n");

  private static final List<String> CONFIGS =
      List.of(
          "{\"model_type\": \"llama\", \"hidden_size\": 64, \"num_hidden_layers\": 2,"
              + " \"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"vocab_size\": 100,"
              + " \"intermediate_size\": 128, \"rope_scaling\": {\"type\": \"yarn\"},"
              + " \"tie_word_embeddings\": true, \"torch_dtype\": \"bfloat16\"}",
          "{\"model_type\": \"qwen3_moe\", \"hidden_size\": 64, \"num_hidden_layers\": 2,"
              + " \"num_attention_heads\": 4, \"num_experts\": 8, \"num_experts_per_tok\": 2,"
              + " \"moe_intermediate_size\": 32, \"vocab_size\": 100, \"decoder_sparse_step\": 1,"
              + " \"intermediate_size\": 128, \"mlp_only_layers\": [0]}",
          "{\"model_type\": \"gemma3\", \"text_config\": {\"model_type\": \"gemma3_text\","
              + " \"hidden_size\": 64, \"layer_types\": [\"sliding_attention\"]},"
              + " \"vision_config\": {\"hidden_size\": 32, \"image_size\": 224}}",
          "{\"model_type\": \"deepseek_v3\", \"q_lora_rank\": 8, \"kv_lora_rank\": 8,"
              + " \"n_routed_experts\": 4, \"hidden_size\": 64, \"quantization_config\":"
              + " {\"quant_method\": \"fp8\"}}");

  private static final String HEADER =
      "{\"__metadata__\": {\"format\": \"pt\"}, \"a.weight\": {\"dtype\": \"BF16\", \"shape\":"
          + " [2, 3], \"data_offsets\": [0, 12]}, \"b\": {\"dtype\": \"F32\", \"shape\": [],"
          + " \"data_offsets\": [12, 16]}}";

  static final class Prices extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      PriceLists.parse("prices.csv", text, PriceDate.of(LocalDate.of(2026, 9, 1)));
    }
  }

  static final class Config extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      Families.read(new ModelConfig("config.json", Json.object("config.json", bytes)));
    }
  }

  static final class Header extends RefusesInOneLine {

    @Override
    protected void read(byte[] bytes) {
      try {
        Path file = Files.createTempFile("header", ".safetensors");
        try {
          SafetensorsHeader.read(Files.write(file, bytes));
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void what_the_catalogue_reads() {
    byte[] text = HEADER.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(Long.BYTES + text.length + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array();
    Fuzz.holds(
        List.of(
            FuzzTarget.of(Prices.class, bytes(LISTS)),
            FuzzTarget.of(Config.class, bytes(CONFIGS)),
            FuzzTarget.of(Header.class, List.of(file))),
        INPUTS);
  }

  private static List<byte[]> bytes(List<String> texts) {
    List<byte[]> all = new ArrayList<>();
    texts.forEach(text -> all.add(text.getBytes(StandardCharsets.UTF_8)));
    return all;
  }
}
