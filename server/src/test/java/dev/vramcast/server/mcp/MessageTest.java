package dev.vramcast.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

  private static Message read(String json) {
    return Message.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_request_has_its_id_as_it_came() {
    assertThat(read("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}").request())
        .hasValue(new JSONRPCRequest("ping", 5L, null));
    assertThat(
            read("{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"method\":\"a\",\"params\":{\"b\":\"c\"}}")
                .request())
        .hasValue(new JSONRPCRequest("a", "5", Map.of("b", "c")));
  }

  @Test
  void a_cancellation_names_the_request() {
    Message message =
        read(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                + "\"params\":{\"requestId\":12,\"reason\":\"slow\"}}");

    assertThat(message.request()).isEmpty();
    assertThat(message.cancelled()).hasValue(12L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/other\",\"params\":{\"requestId\":1}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}"
      })
  void other_notifications_and_responses_ask_for_nothing(String json) {
    Message message = read(json);

    assertThat(message.request()).isEmpty();
    assertThat(message.cancelled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|-32700|not readable as JSON",
        "''|-32700|is empty",
        "{\"a\":1,\"a\":2}|-32700|given twice",
        "7|-32600|is 7, allowed: one object",
        "{\"id\":1,\"method\":\"a\"}|-32600|jsonrpc 2.0",
        "{\"jsonrpc\":\"2.0\",\"id\":1}|-32600|has no method",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"a\"}|-32600|has the id 1.5",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"a\"}|-32600|has the id an object",
        "{\"jsonrpc\":\"2.0\",\"id\":1e99,\"method\":\"a\"}|-32600|has the id"
      })
  void what_is_no_message_has_a_code_and_a_line(String json, int code, String words) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            MessageException.class, refused -> assertThat(refused.code()).isEqualTo(code))
        .hasMessageContaining(words)
        .message()
        .hasLineCount(1);
  }

  @Test
  void whatever_comes_is_a_message_or_refused() {
    byte[] whole =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"a\":[1e9,null]}}"
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int flips = random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(Message.read(bytes)).isNotNull();
      } catch (MessageException e) {
        assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(400);
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 4_999);
  }

  @Test
  void depth_is_bounded_and_text_is_utf_8() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessageContaining("levels deep");
    assertThatThrownBy(() -> Message.read(new byte[] {'"', (byte) 0xff, '"'}))
        .hasMessage("is not UTF-8 text; save it as UTF-8");
  }
}
