// The functions of js/*.js, as C++ sees them. Strings go over as place and
// size, and are copied before the call returns.
#pragma once

#include <cstddef>
#include <cstdint>

// A function that js/*.js calls.
#define ALCOVE_EXPORT(name) extern "C" __attribute__((used, visibility("default"), export_name(#name)))

extern "C" {

// state.js, screen.js
double js_cos(double angle);
double js_sin(double angle);
double js_acos(double cosine);
double js_pow(double base, double exponent);
void js_wake();
int js_start();
int js_has_gl();
void js_show_pixels(const void* pixels, int width, int height);
void js_texture_create(int id, int width, int height, const void* pixels);
void js_texture_update(int id, int x, int y, int width, int height, const void* pixels);
void js_texture_destroy(int id);
void js_draw_begin(int width, int height);
void js_draw_list(const void* vertices, int vertex_bytes, const void* indices, int index_bytes);
void js_draw(int x, int y, int width, int height, int texture, int count, int first_index, int first_vertex);

// text.js
int js_layout(float size, int weight, const char* text, size_t bytes, float width_max, const void* runs,
              size_t run_count);
int js_lines(float* seven_each);
void js_pieces(float* eight_each);
float js_baseline(float size, int weight, float line_height);
void js_rasterise(const char* text, size_t bytes, float size, int weight, uint32_t look, int rtl, uint32_t rgb, float x,
                  float baseline, void* pixels, int width, int height, int pitch);
void js_rasterise_icon(const char* path, size_t bytes, float grid, float stroke, void* pixels, int size, int pitch);

// pictures.js
int js_picture_state(const char* url, size_t bytes);
void js_picture_draw(const char* url, size_t bytes, void* pixels, int width, int height, int pitch);

// mirror.js
void js_mirror_start();
void js_theme(uint32_t ink, uint32_t soft, uint32_t off, uint32_t accent, uint32_t thumb, uint32_t select);
void js_node_create(uint32_t id, int role);
int js_node_place(uint32_t id, uint32_t parent, uint32_t before);
void js_node_remove(uint32_t id);
void js_node_rect(uint32_t id, float x, float y, float width, float height, float radius);
void js_node_label(uint32_t id, const char* text, size_t bytes);
void js_node_state(uint32_t id, int state);
void js_node_text(uint32_t id, const char* text, const void* spans, size_t count, const void* runs, size_t run_count,
                  const char* urls, const char* spoken, size_t spoken_bytes, int one_line);
void js_node_font(uint32_t id, float size, float line, int weight, int side);
void js_node_quiet(uint32_t id);
void js_node_hidden(uint32_t id);
void js_node_dots(uint32_t id);
void js_node_box(uint32_t id, const char* placeholder, size_t placeholder_bytes, const char* autocomplete,
                 size_t autocomplete_bytes);
void js_node_value(uint32_t id, const char* text, size_t bytes);
void js_node_description(uint32_t id, const char* text, size_t bytes);
void js_node_position(uint32_t id, int position, int set_size);
void js_node_options(uint32_t id, const char* labels, size_t bytes, int chosen);
void js_node_content(uint32_t id, float height);
void js_node_scroll(uint32_t id, float top);
void js_node_focus(uint32_t id);
void js_synced();

// page.js
void js_page_start();
void js_tell(const char* what, size_t bytes, int count);
void js_send(double id, int method, const char* path, size_t path_bytes, const char* token, size_t token_bytes,
             const char* body, size_t body_bytes, double timeout_ms, const char* lock, size_t lock_bytes);
void js_abort(double id);
void js_tick_in(double ms);
double js_wall_ms();
double js_monotonic_ms();
void js_random(void* bytes, size_t size);
char* js_storage_get(int of_tab, const char* key, size_t bytes, size_t* size);
void js_storage_set(int of_tab, const char* key, size_t bytes, const char* value, size_t value_bytes);
void js_storage_remove(int of_tab, const char* key, size_t bytes);
char* js_query(const char* name, size_t bytes, size_t* size);
char* js_origin(size_t* size);
int js_visible();
int js_online();
void js_title(const char* text, size_t bytes);
char* js_format(int kind, double at_ms, size_t* size);
int js_days_ago(double at_ms);

}  // extern "C"
