package dev.slipway.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// GitHub's own description of workflows, which has a language of its own, as a JSON schema. It
/// also tells which contexts (`secrets`, `job`) an expression may name at its place; what stands
/// below that place may name the same.
final class WorkflowSchema {
  private static final String EXPRESSION = "^\\s*\\$\\{\\{.*}}\\s*$";

  private final JsonNode definitions;
  private final ObjectNode rules = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> names = new HashMap<>();

  private WorkflowSchema(JsonNode definitions) {
    this.definitions = definitions;
  }

  static JsonNode read(Path file) throws IOException {
    var schema = new WorkflowSchema(new ObjectMapper().readTree(file.toFile()).get("definitions"));
    ObjectNode root = schema.reference("workflow-root-strict", List.of());
    root.set("definitions", schema.rules);
    return root;
  }

  /// A reference to the rule for a type; the rule is made where it is asked for first.
  private ObjectNode reference(String type, List<String> inherited) {
    JsonNode definition = definitions.path(type);
    List<String> contexts = definition.has("context") ? contexts(definition) : inherited;
    String key = type + contexts;
    String name = names.get(key);
    if (name == null) {
      name = "r" + names.size();
      names.put(key, name);
      rules.set(name, rule(type, definition, contexts));
    }
    return object("$ref", "#/definitions/" + name);
  }

  /// Functions are among them, as `hashFiles(1,255)`.
  private static List<String> contexts(JsonNode definition) {
    return StreamSupport.stream(definition.get("context").spliterator(), false)
        .map(JsonNode::asText)
        .map(context -> context.replaceFirst("\\(.*", ""))
        .toList();
  }

  private ObjectNode rule(String type, JsonNode definition, List<String> contexts) {
    ObjectNode literal = literal(type, definition, contexts);
    if (contexts.isEmpty() || type.equals("string") || definition.has("string")) {
      return literal;
    }
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    rule.putArray("anyOf").add(literal).add(text(contexts).put("pattern", EXPRESSION));
    return rule;
  }

  private ObjectNode literal(String type, JsonNode definition, List<String> contexts) {
    if (definition.has("one-of")) {
      ObjectNode rule = JsonNodeFactory.instance.objectNode();
      ArrayNode choices = rule.putArray("anyOf");
      definition.get("one-of").forEach(one -> choices.add(reference(one.asText(), contexts)));
      return rule;
    }
    if (definition.has("allowed-values")) {
      ObjectNode rule = JsonNodeFactory.instance.objectNode();
      rule.set("enum", definition.get("allowed-values"));
      return rule;
    }
    if (definition.has("mapping")) {
      return mapping(definition.get("mapping"), contexts);
    }
    if (definition.has("sequence")) {
      ObjectNode rule = object("type", "array");
      String item = definition.get("sequence").get("item-type").asText();
      rule.set("items", reference(item, contexts));
      return rule;
    }
    return scalar(type, definition, contexts);
  }

  private ObjectNode mapping(JsonNode mapping, List<String> contexts) {
    ObjectNode rule = object("type", "object");
    ObjectNode properties = rule.putObject("properties");
    ArrayNode required = rule.putArray("required");
    mapping
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode value = property.getValue();
              String type = value.isTextual() ? value.asText() : value.path("type").asText();
              properties.set(property.getKey(), reference(type, contexts));
              if (value.path("required").asBoolean()) {
                required.add(property.getKey());
              }
            });
    if (mapping.has("loose-value-type")) {
      rule.set(
          "additionalProperties", reference(mapping.get("loose-value-type").asText(), contexts));
    } else {
      rule.put("additionalProperties", false);
    }
    return rule;
  }

  private static ObjectNode scalar(String type, JsonNode definition, List<String> contexts) {
    if (type.equals("any")) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (type.equals("sequence")) {
      return object("type", "array");
    }
    if (type.equals("mapping")) {
      return object("type", "object");
    }
    for (String kind : List.of("boolean", "number", "null")) {
      if (type.equals(kind) || definition.has(kind)) {
        return object("type", kind);
      }
    }
    if (!type.equals("string") && !definition.has("string")) {
      throw new IllegalStateException("no rule is known for " + type + ": " + definition);
    }
    JsonNode string = definition.path("string");
    if (string.has("constant")) {
      return object("const", string.get("constant").asText());
    }
    ObjectNode rule = text(contexts);
    if (string.path("require-non-empty").asBoolean()) {
      rule.put("minLength", 1);
    }
    return rule;
  }

  /// Numbers and booleans are taken for text, too. An expression may name these contexts only.
  private static ObjectNode text(List<String> contexts) {
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    rule.putArray("type").add("string").add("number").add("boolean");
    String others = contexts.isEmpty() ? "" : "(?!(%s)\\b)".formatted(String.join("|", contexts));
    rule.set("not", object("pattern", "\\$\\{\\{\\s*+" + others).put("type", "string"));
    return rule;
  }

  private static ObjectNode object(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }
}
