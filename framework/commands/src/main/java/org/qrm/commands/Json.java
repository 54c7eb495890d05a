package org.qrm.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;

/** JSON in and out. Strict: unknown and doubled fields, text for numbers and the like are refused. */
public final class Json {

    /** Characters of one text: what a whole request may have. */
    private static final int MOST_TEXT = 1 << 20;

    private static final ObjectMapper MAPPER = mapper();

    private Json() {}

    /** @throws org.qrm.api.QrmException INVALID, naming the field or the position */
    public static <T> T read(byte[] body, Class<T> type) throws IOException {
        T value;
        try {
            value = MAPPER.readValue(body, type);
        } catch (JsonProcessingException e) {
            throw JsonProblems.explain(e);
        }
        Fields.check(value);
        return value;
    }

    public static byte[] bytes(Object value) throws JsonProcessingException {
        return MAPPER.writeValueAsBytes(value);
    }

    /** As it would be sent, to be changed before. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** One line. */
    public static String text(Object value) throws JsonProcessingException {
        return MAPPER.writeValueAsString(value);
    }

    private static ObjectMapper mapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(20)
                .maxNameLength(200)
                .maxNumberLength(40)
                .maxStringLength(MOST_TEXT)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .annotationIntrospector(new WordsForConstants())
                .addModule(new SimpleModule("qrm")
                        .addSerializer(new InstantAsText())
                        .addDeserializer(String.class, new StrictText())
                        .addDeserializer(ResourceRef.class, new ResourceRef.Reader())
                        .addDeserializer(GivenAnswers.class, new GivenAnswers.Reader()))
                .build();
    }

    private static final class WordsForConstants extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = Words.of(constants[i]);
            }
            return names;
        }
    }

    private static final class InstantAsText extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantAsText() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant instant, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(instant.toString());
        }
    }
}
