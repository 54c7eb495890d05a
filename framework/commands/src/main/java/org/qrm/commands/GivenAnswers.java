package org.qrm.commands;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers to a wizard, by question: {@code {"answers":{"path":"/x","count":3}}}, or the inner object alone. Numbers and
 * booleans are taken as they are written.
 */
public record GivenAnswers(
        @About(value = "by question", most = 200) Map<String, String> answers) {

    static final class Reader extends StdDeserializer<GivenAnswers> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(GivenAnswers.class);
        }

        @Override
        public GivenAnswers deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Map<String, String> answers = new LinkedHashMap<>();
            Map<String, String> inner = null;
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                return (GivenAnswers) context.handleUnexpectedToken(GivenAnswers.class, parser);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("answers")) {
                    inner = inner(parser, context);
                } else {
                    answers.put(name, scalar(parser, context, name));
                }
            }
            if (inner == null) {
                return new GivenAnswers(answers);
            }
            if (!answers.isEmpty()) {
                String stray = answers.keySet().iterator().next();
                context.handleUnknownProperty(parser, this, GivenAnswers.class, stray);
            }
            return new GivenAnswers(inner);
        }

        private static Map<String, String> inner(JsonParser parser, DeserializationContext context) throws IOException {
            Map<String, String> answers = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                answers.put(name, scalar(parser, context, name));
            }
            return answers;
        }

        private static String scalar(JsonParser parser, DeserializationContext context, String name)
                throws IOException {
            if (!parser.currentToken().isScalarValue() || parser.currentToken() == JsonToken.VALUE_NULL) {
                throw JsonMappingException.wrapWithPath(
                        MismatchedInputException.from(parser, String.class, "no scalar"), GivenAnswers.class, name);
            }
            return parser.getText();
        }
    }
}
