package org.qrm.commands;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/** A machine as a person names it in a request: its number, name or MAC address. */
public record ResourceRef(String text) {

    static final class Reader extends StdDeserializer<ResourceRef> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(ResourceRef.class);
        }

        @Override
        public ResourceRef deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
                return new ResourceRef(parser.getText());
            }
            return (ResourceRef) context.handleUnexpectedToken(ResourceRef.class, parser);
        }
    }
}
