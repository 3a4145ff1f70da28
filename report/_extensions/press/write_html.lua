-- Writes as HTML what pandoc has no element for. Text from results is escaped, so it is never markup.

local finishing = require("finishing")

local stringify = pandoc.utils.stringify
local SIMULATED_TAG = "Simulated data"

local html = {}
local image_prefix = ""

local function escape(text)
  return (text:gsub('[&<>"\']', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end

local function raw(text)
  return pandoc.RawBlock("html", text)
end

function html.configure(meta)
  image_prefix = meta["press-image-prefix"] and stringify(meta["press-image-prefix"]) or ""
end

-- Text ---------------------------------------------------------------------------------------------

function html.words(text)
  return pandoc.Inlines(text)
end

function html.section_number(header, number)
  header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, { class = "section-number" }))
  header.content:insert(2, pandoc.Space())
end

function html.simulated_section(note)
  return pandoc.Div({ pandoc.Plain(note) }, { class = "simulated-section" })
end

function html.list(items)
  local entries = {}
  for i, item in ipairs(items) do
    local link = pandoc.Link({ pandoc.Str(item.number .. ".") }, "#" .. item.id)
    entries[i] = { pandoc.Plain({ link, pandoc.Space(), pandoc.Str(item.caption) }) }
  end
  return pandoc.Div(#entries > 0 and { pandoc.BulletList(entries) } or { pandoc.Para({ pandoc.Str("None.") }) }, { class = "list-of" })
end

-- The contents stand beside the text.
function html.contents()
  return pandoc.Plain({})
end

function html.on_same_page(_) end

function html.picture(path, alt)
  return pandoc.RawInline("html", ('<img src="%s" alt="%s">'):format(escape(image_prefix .. path), escape(alt)))
end

-- Figures and tables -------------------------------------------------------------------------------

local function cells_of(header, rows, aligns)
  local out = { "<thead><tr>" }
  local longest = {}
  for i in ipairs(header) do
    longest[i] = 0
    for _, row in ipairs(rows) do
      longest[i] = math.max(longest[i], utf8.len(row[i] or "") or #row[i])
    end
  end
  -- A column of names or of prose is not squeezed to a word a line.
  local names = longest[1] and longest[1] > 14 and ' class="name"' or ""
  local function class(i)
    return aligns[i] == "right" and ' class="num"' or longest[i] and longest[i] > 40 and ' class="prose"' or ""
  end
  for i, label in ipairs(header) do
    out[#out + 1] = ('<th scope="col"%s>%s</th>'):format(class(i), escape(label))
  end
  out[#out + 1] = "</tr></thead>\n<tbody>\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = "<tr>"
    for i, cell in ipairs(row) do
      if i == 1 and aligns[1] ~= "right" then
        out[#out + 1] = ('<th scope="row"%s>%s</th>'):format(names, escape(cell))
      else
        local words = escape(cell)
        out[#out + 1] = ("<td%s>%s</td>"):format(class(i), finishing.stays_on_a_line(cell) and "<span>" .. words .. "</span>" or words)
      end
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody>"
  return table.concat(out)
end

local function caption_of(number, caption, simulated)
  local tag = simulated and (' <span class="simulated-tag">' .. SIMULATED_TAG .. "</span>") or ""
  return (number and ("<strong>" .. number .. ".</strong> ") or "") .. escape(caption) .. tag
end

local function notes_below(notes)
  local out = {}
  for _, note in ipairs(notes or {}) do
    out[#out + 1] = '<p class="note">' .. escape(note) .. "</p>"
  end
  return table.concat(out, "\n")
end

local function numbers_behind(id, number, data)
  local caption = id .. "-numbers"
  local more = ""
  if data.rows_in_all > #data.rows then
    more = (" The first %d of %d rows."):format(#data.rows, data.rows_in_all)
  end
  if data.rounded then
    more = more .. " Rounded to six significant digits."
  end
  return table.concat({
    ('<details class="numbers"><summary>The numbers behind %s</summary>'):format(number),
    ('<div class="scroll" role="region" tabindex="0" aria-labelledby="%s">'):format(caption),
    ('<table><caption id="%s"><span>The numbers behind %s.%s</span></caption>'):format(caption, number, more),
    cells_of(data.header, data.rows, data.align),
    "</table></div></details>",
  }, "\n")
end

function html.figure(figure)
  local number = figure.number
  local id = figure.id ~= "" and (' id="%s"'):format(escape(figure.id)) or ""
  local parts = {
    ('<div class="figure"%s>\n<figure>'):format(id),
    ('<div class="picture" role="region" tabindex="0" aria-label="%s"><img src="%s" alt="%s"></div>'):format(
      number and escape(number) or "Picture", escape(image_prefix .. figure.path), escape(figure.alt)),
    ("<figcaption>%s</figcaption>\n</figure>"):format(caption_of(number, figure.caption, figure.simulated)),
    notes_below(figure.notes),
  }
  if figure.data then
    parts[#parts + 1] = numbers_behind(figure.id, number, figure.data)
  end
  -- The built-in engine puts the files of the figure here.
  if image_prefix ~= "" then
    parts[#parts + 1] = "<!--press-files-->"
  end
  parts[#parts + 1] = "</div>"
  return raw(table.concat(parts, "\n"))
end

function html.table(id, number, result)
  local header, aligns = {}, {}
  for i, column in ipairs(result.columns) do
    header[i], aligns[i] = column.label, column.align
  end
  local caption = escape(id) .. "-caption"
  return raw(table.concat({
    ('<div class="table" id="%s">'):format(escape(id)),
    ('<div class="scroll" role="region" tabindex="0" aria-labelledby="%s">'):format(caption),
    ('<table><caption id="%s"><span>%s</span></caption>'):format(
      caption, caption_of(number, result.caption, result.origin == "simulated")),
    cells_of(header, result.rows or {}, aligns),
    "</table></div>",
    notes_below(result.notes),
    "</div>",
  }, "\n"))
end

local function prose_table(element)
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.attributes.scope = "col"
    end
  end
  local id = element.identifier
  local name = stringify(element.caption.long)
  local attributes = { role = "region", tabindex = "0", ["aria-label"] = name ~= "" and name or "Table" }
  element.identifier = ""
  return pandoc.Div({ pandoc.Div({ element }, pandoc.Attr("", { "scroll" }, attributes)) }, pandoc.Attr(id, { "table" }))
end

-- Boxes --------------------------------------------------------------------------------------------

function html.key_messages(div)
  return div
end

function html.figures_strip(div, cells)
  local items = {}
  for i, cell in ipairs(cells) do
    items[i] = { pandoc.Plain({ pandoc.Strong(cell.big), pandoc.Space(), pandoc.Span(cell.words) }) }
  end
  div.content = pandoc.Blocks({ pandoc.BulletList(items) })
  return div
end

function html.box(id, number, title, content)
  local words = pandoc.Inlines(title)
  if number then
    words = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(number .. ".") }), pandoc.Space() }) .. words
  end
  content:insert(1, pandoc.Para(words))
  content[1] = pandoc.Div({ content[1] }, { class = "box-title" })
  return pandoc.Div(content, pandoc.Attr(id, { "box" }))
end

function html.callout(kind, title, content)
  content:insert(1, pandoc.Para({ pandoc.Strong(pandoc.Inlines(title)) }))
  return pandoc.Div(content, pandoc.Attr("", { "callout", "callout-" .. kind }, { role = "note", ["aria-label"] = title }))
end

-- Formulas -----------------------------------------------------------------------------------------

function html.formula(math, alt)
  return pandoc.Span({ math }, { role = "math", ["aria-label"] = alt })
end

function html.displayed(math, alt, id, number)
  local content = { pandoc.Span({ math }, { role = "math", ["aria-label"] = alt }) }
  if number then
    content[2] = pandoc.Span({ pandoc.Str("(" .. number .. ")") }, { class = "equation-number" })
  end
  return pandoc.Span(content, pandoc.Attr(id, { "equation" }))
end

-- The document -------------------------------------------------------------------------------------

-- The words as a CSS string that needs no quoting.
local function css_string(text)
  local out = {}
  for _, code in utf8.codes(text) do
    out[#out + 1] = ("\\%06x"):format(code)
  end
  return table.concat(out)
end

function html.metadata(meta, banner)
  if banner then
    meta["press-banner-css"] = pandoc.MetaInlines({ pandoc.RawInline("html", css_string(banner)) })
  end
end

-- `write_box` writes a block that is a box.
function html.write(blocks, write_box)
  return finishing.blocks(blocks, { Table = prose_table, Div = write_box })
end

return html
