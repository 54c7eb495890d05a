package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.resource.ResourceAction;

public class JsonTest {

    @Test
    public void writesWhatTheRestInterfaceWouldAnswer() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("id", 7L);
        value.put("load", 0.5);
        value.put("action", ResourceAction.POWER_ON);
        value.put("time", Instant.EPOCH);
        value.put("host", null);
        value.put("nics", List.of(Map.of("mac", "x")));
        value.put("none", List.of());
        assertEquals("""
                {
                  "id": 7,
                  "load": 0.5,
                  "action": "power-on",
                  "time": "1970-01-01T00:00:00Z",
                  "host": null,
                  "nics": [
                    {
                      "mac": "x"
                    }
                  ],
                  "none": []
                }""", Json.write(value));
    }

    @Test
    public void escapesWhatMachinesSend() {
        assertEquals("\"\\\"\\\\\\n\\u001b[2J\\u009b\"", Json.write("\"\\\n\u001b[2J\u009b"));
    }
}
