package org.qrm.itests.hurt;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.qrm.api.plugin.Plugin;

/**
 * A plug-in that comes up as its component's properties say: {@code constructor} and {@code activation} are {@code fine}, {@code
 * throws}, {@code overflows} or {@code blocks}.
 */
public final class HurtPlugin implements Plugin {

    private final String id;

    public HurtPlugin(Map<String, Object> properties) {
        id = properties.get("plugin").toString();
        does(properties.get("constructor"));
    }

    void activate(Map<String, Object> properties) {
        does(properties.get("activation"));
    }

    private static void does(Object what) {
        if ("throws".equals(what)) {
            throw new IllegalStateException("no licence for it");
        } else if ("overflows".equals(what)) {
            overflow(0);
        } else if ("blocks".equals(what)) {
            block();
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    /** As one that waits for a machine that is off; nor does it hear an interrupt. */
    private static void block() {
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            try {
                never.await();
            } catch (InterruptedException unheard) {
                // goes on
            }
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Hurts";
    }
}
