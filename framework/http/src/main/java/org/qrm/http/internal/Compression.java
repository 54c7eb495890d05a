package org.qrm.http.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Answers what is text by gzip (RFC 1952) to who takes that, see {@link CompressedResponse}. Streams are not compressed here: the
 * attribute {@link #TAKES_GZIP} tells them.
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterName("qrm-compression")
@HttpWhiteboardFilterPattern({"/api/*", "/console/*", "/metrics"})
@HttpWhiteboardFilterAsyncSupported
public final class Compression implements Filter {

    /** Of a request, true where its sender takes gzip. */
    static final String TAKES_GZIP = "org.qrm.http.gzip";

    /** RFC 9110, 12.5.3: a weight of nothing refuses it. */
    private static final Pattern GZIP = Pattern.compile("(x-)?gzip\\s*(;\\s*q=(?!0(\\.0*)?$)[0-9.]+)?");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.addHeader("Vary", "Accept-Encoding");
        if (http.getMethod().equals("GET") && takesGzip(http)) {
            request.setAttribute(TAKES_GZIP, true);
            chain.doFilter(request, new CompressedResponse(answer));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean takesGzip(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Accept-Encoding")).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .anyMatch(each ->
                        GZIP.matcher(each.strip().toLowerCase(Locale.ROOT)).matches());
    }

    @Override
    public void init(FilterConfig config) {
        // nothing to set up
    }

    @Override
    public void destroy() {
        // nothing to clean up
    }
}
