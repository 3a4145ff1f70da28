--[[
Fills a document with the results of its runs and numbers it; writes HTML and Typst alike.

Reads the file named by the metadata `press-results` (values.json, see src/press/publish/assemble.py).
Works alone under pandoc (the built-in engine) and before Quarto's own filters (`at: pre-ast`).
Every problem found is reported, not only the first: one line "press-problem<TAB>JSON" each on stderr.
Text from results goes to HTML escaped and to Typst as a string literal, so it is never markup.
]]

local stringify = pandoc.utils.stringify
local typst = FORMAT:match("typst") ~= nil
local html = FORMAT:match("html") ~= nil
local in_quarto = quarto ~= nil

local results = {}
local problems = {}
local labels = {} -- label -> {text, kind}; kind is "fig", "tbl", "sec" or "other"
local hidden = {} -- label -> the condition that hides it
local sections = {} -- every heading in order: {simulated, own}
local front = { simulated = false } -- what stands before the first heading
local lists = { fig = {}, tbl = {} }
local image_prefix, image_folder = "", ""
local images -- paths that prose may show; nil: all (Quarto looks after them itself)
local numbered = true

local SIMULATED_TAG = "Simulated data"
local NBSP = "\u{a0}"

local function problem(message, where)
  where = where or {}
  where.message = message
  problems[#problems + 1] = where
end

local function escape(text)
  return (text:gsub('[&<>"\']', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end

local function literal(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s", " ") .. '"'
end

local function array(list, write)
  local written = {}
  for i, item in ipairs(list) do
    written[i] = write(item)
  end
  return "(" .. table.concat(written, ", ") .. (#list == 1 and ",)" or ")")
end

local function raw(text)
  return pandoc.RawBlock(typst and "typst" or "html", text)
end

local function raw_inline(text)
  return pandoc.RawInline(typst and "typst" or "html", text)
end

-- A word of a result: in Typst the semicolon ends the expression, whatever the prose goes on with.
local function words(text)
  if typst then
    return pandoc.Inlines({ raw_inline("#" .. literal(text) .. ";") })
  end
  return pandoc.Inlines(text)
end

local function take_line(element)
  local line = tonumber(element.attributes["press-line"])
  element.attributes["press-line"] = nil
  return line
end

local function only(element, allowed, what, line)
  for name in pairs(element.attributes) do
    if not allowed[name] then
      local known = {}
      for each in pairs(allowed) do
        known[#known + 1] = each
      end
      table.sort(known)
      problem(
        ("%s has no attribute '%s'. It takes: %s."):format(what, name, table.concat(known, ", ")),
        { line = line, search = name .. "=" }
      )
    end
  end
end

local function find(key, line)
  local result = results[key]
  if not result then
    problem(("there is no result '%s' in the staged values."):format(key), { line = line, search = key, key = key })
  end
  return result
end

-- Conditions -----------------------------------------------------------------------------------

local function holds(attribute, wanted_absent, line)
  local all = true
  for key in (attribute or ""):gmatch("%S+") do
    local result = find(key, line)
    if result and (result.kind == "absent") ~= wanted_absent then
      all = false
    end
  end
  return all
end

local function remember_hidden(blocks, why)
  local function note(element)
    if element.identifier ~= "" then
      hidden[element.identifier] = why
    end
  end
  blocks:walk({ Div = note, Header = note, Figure = note, Table = note, Span = note, Image = note })
end

local function condition(div)
  local when, unless = div.attributes["when-result"], div.attributes["unless-result"]
  if not when and not unless then
    if div.classes:includes("content-visible") and not in_quarto then
      problem(
        "a .content-visible block needs when-result=KEY or unless-result=KEY.",
        { line = tonumber(div.attributes["press-line"]), search = "content-visible" }
      )
    end
    return nil
  end
  local line = take_line(div)
  only(div, { ["when-result"] = true, ["unless-result"] = true }, "a conditional block", line)
  if not div.classes:includes("content-visible") then
    problem("when-result and unless-result belong to a block ::: {.content-visible …}.", { line = line })
  end
  local why = when and ("when-result=" .. when) or ("unless-result=" .. unless)
  -- Both lists are looked up, so that an unknown key in either is reported.
  local shown_when, shown_unless = holds(when, false, line), holds(unless, true, line)
  if shown_when and shown_unless then
    return div.content
  end
  remember_hidden(div.content, why)
  return {}
end

-- Numbers and words ----------------------------------------------------------------------------

local current = front

local function quoted(result)
  if result.origin == "simulated" then
    current.simulated = true
  end
end

-- JSON numbers come as floats; a denominator is a count.
local function written(shown)
  if type(shown) ~= "number" then
    return shown
  end
  local digits = ("%d"):format(math.tointeger(shown)):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (digits:gsub("^,", ""))
end

local PARTS = { interval = "interval_display", denominator = "denominator", unit = "unit", reason = "reason" }

local function value(span)
  local key = span.attributes.n
  if not key then
    return nil
  end
  local line = take_line(span)
  only(span, { n = true, part = true }, "a quoted result []{n=…}", line)
  if #span.content > 0 then
    problem(
      ("the brackets of []{n=%s} must be empty: the result takes the place of the words in them."):format(key),
      { line = line, search = key }
    )
  end
  local result = find(key, line)
  if not result then
    return {}, false
  end
  local part = span.attributes.part
  if part and not PARTS[part] then
    problem(
      ("a result has no part '%s'. It has: denominator, interval, reason, unit."):format(part),
      { line = line, search = part }
    )
    return {}, false
  end
  if result.kind == "absent" and part ~= "reason" then
    problem(
      ("the result '%s' is absent (%s). Put the words that need it in a block ::: {.content-visible when-result=%s}."):format(
        key, result.reason, key),
      { line = line, search = key }
    )
    return {}, false
  end
  if result.kind == "table" or result.kind == "figure" then
    problem(
      ("the result '%s' is a %s. Show it with ::: {#%s-NAME result=%s}."):format(
        key, result.kind, result.kind == "table" and "tbl" or "fig", key),
      { line = line, search = key }
    )
    return {}, false
  end
  local shown = result[part and PARTS[part] or "display"]
  if shown == nil or shown == "" then
    problem(
      ("the result '%s' has no %s. Name it with one in its notebook, or leave the part out."):format(key, part or "display"),
      { line = line, search = key }
    )
    return {}, false
  end
  quoted(result)
  return words(written(shown)), false
end

-- Figures and tables ---------------------------------------------------------------------------

local function add_label(id, text, kind, line)
  if labels[id] then
    problem(
      ("the label '%s' is used twice. Give one of the two another label."):format(id),
      { line = line, search = "#" .. id, last = true }
    )
    return
  end
  labels[id] = { text = text, kind = kind }
end

local function number_it(kind, id, caption, line)
  local list = lists[kind]
  local text = (kind == "fig" and "Figure" or "Table") .. NBSP .. (#list + 1)
  list[#list + 1] = { id = id, text = text, caption = caption }
  add_label(id, text, kind, line)
  return text
end

local function html_cells(header, rows, aligns)
  local out = { "<thead><tr>" }
  local function class(i)
    return aligns[i] == "right" and ' class="num"' or ""
  end
  for i, label in ipairs(header) do
    out[#out + 1] = ('<th scope="col"%s>%s</th>'):format(class(i), escape(label))
  end
  out[#out + 1] = "</tr></thead>\n<tbody>\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = "<tr>"
    for i, cell in ipairs(row) do
      if i == 1 and aligns[1] ~= "right" then
        out[#out + 1] = ('<th scope="row">%s</th>'):format(escape(cell))
      else
        out[#out + 1] = ("<td%s>%s</td>"):format(class(i), escape(cell))
      end
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody>"
  return table.concat(out)
end

local function html_caption(text, caption, simulated)
  local tag = simulated and (' <span class="simulated-tag">' .. SIMULATED_TAG .. "</span>") or ""
  local number = text and ("<strong>" .. text .. ".</strong> ") or ""
  return number .. escape(caption) .. tag
end

local function html_notes(notes)
  local out = {}
  for _, note in ipairs(notes or {}) do
    out[#out + 1] = '<p class="note">' .. escape(note) .. "</p>"
  end
  return table.concat(out, "\n")
end

local function numbers_behind(id, text, data)
  local caption = id .. "-numbers"
  local more = ""
  if data.rows_in_all > #data.rows then
    more = (" The first %d of %d rows."):format(#data.rows, data.rows_in_all)
  end
  if data.rounded then
    more = more .. " Rounded to six significant digits."
  end
  return table.concat({
    ('<details class="numbers"><summary>The numbers behind %s</summary>'):format(text),
    ('<div class="scroll" role="region" tabindex="0" aria-labelledby="%s">'):format(caption),
    ('<table><caption id="%s"><span>The numbers behind %s.%s</span></caption>'):format(caption, text, more),
    html_cells(data.header, data.rows, data.align),
    "</table></div></details>",
  }, "\n")
end

local function figure_block(figure)
  local text = figure.text
  if typst then
    return raw(("#press-figure(%s, alt: %s, number: %s, caption: %s, simulated: %s, notes: %s, id: %s)"):format(
      literal(image_folder .. figure.file), literal(figure.alt), text and literal(text) or "none",
      literal(figure.caption), tostring(figure.simulated), array(figure.notes, literal),
      figure.id ~= "" and literal(figure.id) or "none"))
  end
  local id = figure.id ~= "" and (' id="%s"'):format(escape(figure.id)) or ""
  local parts = {
    ("<figure%s>"):format(id),
    ('<div class="picture" role="region" tabindex="0" aria-label="%s"><img src="%s" alt="%s"></div>'):format(
      text and escape(text) or "Picture", escape(image_prefix .. image_folder .. figure.file), escape(figure.alt)),
    ("<figcaption>%s</figcaption>"):format(html_caption(text, figure.caption, figure.simulated)),
    html_notes(figure.notes),
  }
  if figure.data then
    parts[#parts + 1] = numbers_behind(figure.id, text, figure.data)
  end
  parts[#parts + 1] = "</figure>"
  return raw(table.concat(parts, "\n"))
end

local function table_block(id, text, result)
  local simulated = result.origin == "simulated"
  local header, aligns = {}, {}
  for i, column in ipairs(result.columns) do
    header[i], aligns[i] = column.label, column.align
  end
  local rows = result.rows or {}
  if typst then
    return raw(table.concat({
      ("#press-table(number: %s, caption: %s, simulated: %s, notes: %s, id: %s,"):format(
        literal(text), literal(result.caption), tostring(simulated), array(result.notes or {}, literal), literal(id)),
      "  align: " .. array(aligns, function(align) return align end) .. ",",
      "  header: " .. array(header, literal) .. ",",
      "  rows: " .. array(rows, function(row) return "\n    " .. array(row, literal) end) .. ")",
    }, "\n"))
  end
  local caption = escape(id) .. "-caption"
  return raw(table.concat({
    ('<div class="table" id="%s">'):format(escape(id)),
    ('<div class="scroll" role="region" tabindex="0" aria-labelledby="%s">'):format(caption),
    ('<table><caption id="%s"><span>%s</span></caption>'):format(caption, html_caption(text, result.caption, simulated)),
    html_cells(header, rows, aligns),
    "</table></div>",
    html_notes(result.notes),
    "</div>",
  }, "\n"))
end

local function placed(div)
  local key = div.attributes.result
  if not key then
    return nil
  end
  local line = take_line(div)
  only(div, { result = true }, "a figure or table ::: {#… result=…}", line)
  if #div.content > 0 then
    problem(
      ("the block of result=%s must be empty: caption and notes come from the notebook."):format(key),
      { line = line, search = key }
    )
  end
  local result = find(key, line)
  if not result then
    return {}, false
  end
  if result.kind == "absent" then
    problem(
      ("the result '%s' is absent (%s). Put the block inside ::: {.content-visible when-result=%s}."):format(
        key, result.reason, key),
      { line = line, search = key }
    )
    return {}, false
  end
  local kind = ({ figure = "fig", table = "tbl" })[result.kind]
  if not kind then
    problem(
      ("the result '%s' is a %s. Quote it in a sentence: []{n=%s}."):format(key, result.kind, key),
      { line = line, search = key }
    )
    return {}, false
  end
  if not div.identifier:match("^" .. kind .. "%-.") then
    problem(
      ("the %s '%s' needs a label that begins with '%s-', for example {#%s-%s result=%s}."):format(
        result.kind, key, kind, kind, key:match("[^.]*$"):gsub("_", "-"), key),
      { line = line, search = key }
    )
    return {}, false
  end
  quoted(result)
  local text = number_it(kind, div.identifier, result.caption, line)
  if kind == "tbl" then
    return table_block(div.identifier, text, result), false
  end
  return figure_block({
    file = result.file .. ".svg", alt = result.alt, caption = result.caption, notes = result.notes or {},
    simulated = result.origin == "simulated", data = result.data, id = div.identifier, text = text,
  }), false
end

local function alt_of(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  return alt or stringify(image.caption)
end

local function check_image(image)
  if images and not images[image.src] then
    problem(
      ("the picture '%s' is not a file of the report. Write ![alternative text](path) on one line, with a path inside the report folder."):format(
        image.src),
      { search = image.src }
    )
    return false
  end
  return true
end

local function prose_figure(figure)
  local image
  figure.content:walk({ Image = function(found) image = found end })
  if not image then
    return nil
  end
  if not check_image(image) then
    return {}, false
  end
  local id = figure.identifier ~= "" and figure.identifier or image.identifier
  local caption = stringify(figure.caption.long)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if not alt then
    problem(
      ("the picture '%s' has a caption but no alternative text. Add {fig-alt=\"what it shows\"}."):format(image.src),
      { search = image.src }
    )
    return {}, false
  end
  local text = id:match("^fig%-") and number_it("fig", id, caption) or nil
  local folder, prefix = image_folder, image_prefix
  image_folder = ""
  local block = figure_block({ file = image.src, alt = alt, caption = caption, notes = {}, simulated = false, id = id, text = text })
  image_folder, image_prefix = folder, prefix
  return block, false
end

local function prose_table(element)
  local id = element.identifier
  if not id:match("^tbl%-") then
    return nil
  end
  local text = number_it("tbl", id, stringify(element.caption.long))
  local first = element.caption.long[1]
  if first then
    first.content = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(text .. ".") }), pandoc.Space() }) .. first.content
  end
  return element
end

local function prose_image(image)
  if not check_image(image) then
    return {}
  end
  local alt = alt_of(image)
  if alt == "" then
    problem(("the picture '%s' has no alternative text: ![what it shows](…)."):format(image.src), { search = image.src })
  end
  if typst then
    return raw_inline(("#box(image(%s, alt: %s, height: 1em));"):format(literal(image.src), literal(alt)))
  end
  return raw_inline(('<img src="%s" alt="%s">'):format(escape(image_prefix .. image.src), escape(alt)))
end

-- Headings -------------------------------------------------------------------------------------

local counters = { 0, 0, 0, 0, 0, 0 }
local last_level = 0

local function heading(header)
  local level = header.level
  if level > last_level + 1 then
    problem(
      ("the heading '%s' is of level %d, but %s. Levels may not be skipped."):format(
        stringify(header), level,
        last_level == 0 and "the first heading must be of level 1 (#)" or ("the one before it is of level " .. last_level)),
      { search = stringify(header) }
    )
  end
  last_level = level
  local section = { simulated = false, own = level <= 2 }
  sections[#sections + 1] = section
  -- A quote below a deeper heading belongs to the section of level 1 or 2 around it.
  if section.own then
    current = section
  end
  local text = stringify(header)
  local kind, id = "other", header.identifier
  if numbered and not header.classes:includes("unnumbered") then
    counters[level] = counters[level] + 1
    for deeper = level + 1, 6 do
      counters[deeper] = 0
    end
    local number = table.concat(counters, ".", 1, level)
    text = (level == 1 and "Chapter" or "Section") .. NBSP .. number
    if typst then
      header.content:insert(1, raw_inline(("#section-number(%s);"):format(literal(number))))
    else
      header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, { class = "section-number" }))
      header.content:insert(2, pandoc.Space())
    end
  end
  if id:match("^sec%-") then
    kind = "sec"
  end
  if id ~= "" then
    add_label(id, text, kind)
  end
  return header
end

-- References -----------------------------------------------------------------------------------

local function is_label(id)
  return id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-")
end

local function reference(cite)
  local ours = 0
  for _, citation in ipairs(cite.citations) do
    ours = ours + (is_label(citation.id) and 1 or 0)
  end
  if ours == 0 then
    return nil
  end
  if ours < #cite.citations then
    problem(
      "one pair of brackets holds both a citation and a reference to a figure, table or section. Write them apart.",
      { search = "@" .. cite.citations[1].id }
    )
    return {}
  end
  local out = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    local label = labels[citation.id]
    if i > 1 then
      out:extend({ pandoc.Str(i == #cite.citations and " and" or ","), pandoc.Space() })
    end
    out:extend(citation.prefix)
    if #citation.prefix > 0 then
      out:insert(pandoc.Space())
    end
    if label then
      out:insert(pandoc.Link({ pandoc.Str(label.text) }, "#" .. citation.id))
    elseif hidden[citation.id] then
      problem(
        ("'@%s' points into a block that is not shown here (%s). Put the reference into such a block too."):format(
          citation.id, hidden[citation.id]),
        { search = "@" .. citation.id }
      )
    else
      problem(
        ("'@%s' points to nothing: no figure, table or heading has that label."):format(citation.id),
        { search = "@" .. citation.id, label = citation.id }
      )
    end
    out:extend(citation.suffix)
  end
  return out
end

local function internal_link(link)
  local id = link.target:match("^#(.+)")
  if id and not labels[id] then
    problem(
      ("the link to '#%s' points to nothing%s."):format(id, hidden[id] and " that is shown here (" .. hidden[id] .. ")" or ""),
      { search = "#" .. id, label = id }
    )
  end
end

local function list_of(div)
  local kind = div.classes:includes("list-of-figures") and "fig" or div.classes:includes("list-of-tables") and "tbl"
  if not kind then
    return nil
  end
  if typst then
    return raw("#press-list(" .. array(lists[kind], function(item)
      return array({ item.id, item.text, item.caption }, literal)
    end) .. ")")
  end
  local items = {}
  for i, item in ipairs(lists[kind]) do
    items[i] = { pandoc.Plain({ pandoc.Link({ pandoc.Str(item.text .. ".") }, "#" .. item.id), pandoc.Space(), pandoc.Str(item.caption) }) }
  end
  return pandoc.Div(#items > 0 and { pandoc.BulletList(items) } or {}, { class = "list-of" })
end

-- Simulated data -------------------------------------------------------------------------------

local function marker(note)
  if typst then
    local content = pandoc.Inlines({ raw_inline("#simulated-section[") })
    content:extend(note)
    content:insert(raw_inline("]"))
    return pandoc.Plain(content)
  end
  return pandoc.Div({ pandoc.Plain(note) }, { class = "simulated-section" })
end

local function mark_sections(blocks, note)
  local index = 0
  return blocks:walk({
    traverse = "topdown",
    Header = function(header)
      index = index + 1
      if sections[index] and sections[index].simulated then
        return { header, marker(note) }, false
      end
    end,
  })
end

-- Forms that the writers lack ------------------------------------------------------------------

local function typst_of(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), { format = "typst", extensions = { smart = false, citations = false } })
end

local function wrapped(name, content)
  local out = pandoc.Blocks({ raw("#" .. name .. "[") })
  out:extend(content)
  out:insert(raw("]"))
  return out
end

local function key_messages(div)
  if not div.classes:includes("key-messages") then
    return nil
  end
  local title = div.attributes.title
  div.attributes.title = nil
  if title then
    div.content:insert(1, pandoc.Para({ pandoc.Strong(pandoc.Inlines(title)) }))
  end
  return typst and wrapped("key-messages", div.content) or div
end

local function figures_strip(div)
  if not div.classes:includes("figures-strip") then
    return nil
  end
  local list = #div.content == 1 and div.content[1].t == "BulletList" and div.content[1] or nil
  local cells = {}
  for _, item in ipairs(list and list.content or {}) do
    local inlines = pandoc.utils.blocks_to_inlines(item)
    local big = inlines:remove(1)
    if not big or big.t ~= "Strong" then
      list = nil
      break
    end
    if inlines[1] and inlines[1].t == "Space" then
      inlines:remove(1)
    end
    cells[#cells + 1] = { big = big.content, words = inlines }
  end
  if not list then
    problem("a .figures-strip holds one bullet list, each item '**number** words'.", { search = "figures-strip" })
    return {}
  end
  if typst then
    local written = {}
    for i, cell in ipairs(cells) do
      written[i] = ("([%s], [%s])"):format(typst_of({ pandoc.Plain(cell.big) }), typst_of({ pandoc.Plain(cell.words) }))
    end
    return raw("#figures-strip(" .. table.concat(written, ", ") .. ")")
  end
  local items = {}
  for i, cell in ipairs(cells) do
    items[i] = { pandoc.Plain({ pandoc.Strong(cell.big), pandoc.Space(), pandoc.Span(cell.words) }) }
  end
  div.content = pandoc.Blocks({ pandoc.BulletList(items) })
  return div
end

local function any_table(element)
  if typst then
    local markup = typst_of({ element })
    return raw("#prose-table[" .. markup:gsub("align%(center%)%[#table%(", "align(left)[#table(", 1) .. "]")
  end
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

local function formula(element)
  if not typst then
    return nil
  end
  local written = typst_of({ pandoc.Plain({ element }) }):gsub("%s+$", "")
  return raw_inline(("#math.equation(alt: %s, block: %s, %s);"):format(
    literal(element.text), tostring(element.mathtype == "DisplayMath"), written))
end

-- pandoc puts each definition in a block of its own, which cannot stand on the line of its term.
local function definitions(list)
  if not typst then
    return nil
  end
  local out = pandoc.Inlines({ raw_inline("#terms(") })
  for _, item in ipairs(list.content) do
    out:insert(raw_inline("terms.item(["))
    out:extend(item[1])
    out:insert(raw_inline("], ["))
    local blocks = pandoc.Blocks({})
    for _, definition in ipairs(item[2]) do
      blocks:extend(definition)
    end
    if #blocks == 1 and (blocks[1].t == "Plain" or blocks[1].t == "Para") then
      out:extend(blocks[1].content)
    else
      out:insert(raw_inline(typst_of(blocks)))
    end
    out:insert(raw_inline("]), "))
  end
  out:insert(raw_inline(")"))
  return pandoc.Plain(out)
end

local function bibliography(div)
  if div.identifier ~= "refs" or not typst then
    return nil
  end
  local out = pandoc.Blocks({})
  for _, entry in ipairs(div.content) do
    local number, text = pandoc.Inlines({}), pandoc.Inlines({})
    entry:walk({
      Span = function(span)
        if span.classes:includes("csl-left-margin") then
          number = span.content
        elseif span.classes:includes("csl-right-inline") then
          text = span.content
        end
      end,
    })
    if #text == 0 then
      text = pandoc.utils.blocks_to_inlines(entry.content)
    end
    local content = pandoc.Inlines({ raw_inline("#press-reference([") })
    content:extend(number)
    content:insert(raw_inline("], ["))
    content:extend(text)
    content:insert(raw_inline(("], id: %s)"):format(literal(entry.identifier))))
    out:insert(pandoc.Plain(content))
  end
  return out
end

-- The document ---------------------------------------------------------------------------------

local function each_of_meta(meta, filter)
  for key, content in pairs(meta) do
    local kind = pandoc.utils.type(content)
    if kind == "Inlines" or kind == "Blocks" then
      meta[key] = content:walk(filter)
    elseif kind == "table" or kind == "List" then
      each_of_meta(content, filter)
    end
  end
end

local function note_of(meta, name, default)
  local given = meta.press and meta.press[name]
  local text = given and stringify(given) or default
  if text:match("^%s*$") then
    problem(("press: %s: is empty in the metadata. Leave it out for the usual words."):format(name))
  end
  return text
end

local function css_string(text)
  local out = {}
  for _, code in utf8.codes(text) do
    out[#out + 1] = ("\\%06x"):format(code)
  end
  return table.concat(out)
end

local function finish_meta(meta, simulated, banner, section_note)
  if simulated then
    meta["press-banner"] = pandoc.MetaInlines(pandoc.Inlines(banner))
    if html then
      meta["press-banner-css"] = pandoc.MetaInlines({ raw_inline(css_string(banner)) })
    end
  end
  if front.simulated then
    meta["press-front-marker"] = pandoc.MetaInlines(pandoc.Inlines(section_note))
  end
  if typst then
    local names = {}
    local authors = meta.author or {}
    if pandoc.utils.type(authors) ~= "List" then
      authors = { authors }
    end
    for i, author in ipairs(authors) do
      names[i] = raw_inline(literal(stringify(pandoc.utils.type(author) == "table" and author.name or author)))
    end
    meta["press-author-strings"] = pandoc.MetaList(names)
    local keywords = {}
    for i, keyword in ipairs(meta.keywords or {}) do
      keywords[i] = raw_inline(literal(stringify(keyword)))
    end
    meta["press-keyword-strings"] = pandoc.MetaList(keywords)
  end
end

-- A summary has few headings and no chapters: it numbers them only where its metadata says so.
local function numbers_headings(meta)
  local own = meta.press or {}
  local given = own["number-sections"]
  if given ~= nil then
    return given == true or (given ~= false and stringify(given) == "true")
  end
  local template = meta["press-template"] or own.template
  return not template or stringify(template) ~= "summary"
end

local function report_problems()
  if #problems == 0 then
    return
  end
  local known = {}
  for label in pairs(labels) do
    known[#known + 1] = label
  end
  table.sort(known)
  local messages = {}
  for i, each in ipairs(problems) do
    if each.label then
      each.known = known
    end
    messages[i] = each.message
    io.stderr:write("press-problem\t", pandoc.json.encode(each), "\n")
  end
  error("press: " .. table.concat(messages, "\npress: "), 0)
end

function Pandoc(doc)
  local meta = doc.meta
  if not (typst or html) then
    error("press.lua writes HTML and Typst, not " .. FORMAT, 0)
  end
  local path = meta["press-results"] and stringify(meta["press-results"])
  local file = path and io.open(path, "r")
  if not file then
    error("press: no file of results: set the metadata 'press-results' to the staged values.json.", 0)
  end
  local staged = pandoc.json.decode(file:read("a"), false)
  file:close()
  results = staged.results
  image_prefix = meta["press-image-prefix"] and stringify(meta["press-image-prefix"]) or ""
  image_folder = meta["press-image-folder"] and stringify(meta["press-image-folder"])
    or (path:match("^(.*/)[^/]*$") or "")
  if meta["press-images"] then
    images = {}
    for name in stringify(meta["press-images"]):gmatch("[^\n]+") do
      images[name] = true
    end
  end
  numbered = numbers_headings(meta)

  local fill = {
    traverse = "topdown", Header = heading, Span = value, Div = placed,
    Figure = prose_figure, Table = prose_table, Image = prose_image,
  }
  each_of_meta(meta, { Div = condition })
  each_of_meta(meta, { traverse = "topdown", Span = value })
  local blocks = doc.blocks:walk({ Div = condition }):walk(fill)
  local function anchor(element)
    if element.identifier ~= "" and not labels[element.identifier] then
      labels[element.identifier] = { text = stringify(element), kind = "other" }
    end
  end
  blocks:walk({ Div = anchor, Span = anchor })

  local banner = note_of(meta, "simulated-banner",
    "Demonstration with simulated data. Figures marked as simulated are made up and are not evidence.")
  local section_note = note_of(meta, "simulated-section", "Simulated data: this section is about made-up units.")
  local links = { Cite = reference, Link = internal_link, Div = list_of }
  blocks = blocks:walk(links)
  each_of_meta(meta, links)
  blocks = mark_sections(blocks, pandoc.Inlines(section_note))
  if front.simulated and not meta.abstract then
    blocks:insert(1, marker(pandoc.Inlines(section_note)))
  end
  -- Quarto's own page template knows no banner.
  if in_quarto and html and staged.simulated then
    blocks:insert(1, pandoc.Div({ pandoc.Para(pandoc.Inlines(banner)) }, { class = "banner" }))
  end
  finish_meta(meta, staged.simulated, banner, section_note)

  doc = pandoc.Pandoc(blocks, meta)
  if meta["press-citeproc"] and meta.bibliography then
    doc = pandoc.utils.citeproc(doc)
  end
  -- Mathematics and references first: the writers of strips and tables need them in their last form.
  doc.blocks = doc.blocks:walk({ Math = formula, Div = bibliography })
  doc.blocks = doc.blocks:walk({ Table = any_table, DefinitionList = definitions })
  doc.blocks = doc.blocks:walk({ Div = function(div) return figures_strip(div) or key_messages(div) end })
  local shift = meta["press-heading-shift"] and tonumber(stringify(meta["press-heading-shift"])) or 0
  if shift > 0 then
    doc.blocks = doc.blocks:walk({
      Header = function(header)
        header.level = header.level + shift < 6 and header.level + shift or 6
        return header
      end,
    })
  end
  if typst then
    doc.blocks = doc.blocks:walk({
      Header = function(header)
        return header.level == 1 and { raw("#new-chapter"), header } or nil
      end,
    })
  end
  report_problems()
  return doc
end
