-- Writes as Typst what pandoc's Typst writer has no form for, or one that the look (report/theme) cannot use.
-- Text from results becomes a string literal, so it is never markup.

local finishing = require("finishing")
local metadata = require("metadata")

local stringify = pandoc.utils.stringify

local typst = {}

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
  return pandoc.RawBlock("typst", text)
end

local function raw_inline(text)
  return pandoc.RawInline("typst", text)
end

local function markup_of(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), { format = "typst", extensions = { smart = false, citations = false } })
end

local is_report = true

function typst.configure(meta)
  is_report = metadata.template(meta) ~= "summary"
end

-- Text ---------------------------------------------------------------------------------------------

-- The semicolon ends the expression, whatever the prose goes on with.
function typst.words(text)
  return pandoc.Inlines({ raw_inline("#" .. literal(text) .. ";") })
end

function typst.section_number(header, number)
  header.attributes["press-number"] = number
  header.content:insert(1, raw_inline(("#section-number(%s);"):format(literal(number))))
end

function typst.simulated_section(note)
  local content = pandoc.Inlines({ raw_inline("#simulated-section[") })
  content:extend(note)
  content:insert(raw_inline("]"))
  return pandoc.Plain(content)
end

-- A chapter begins a page, with its words at the head of this page and those that follow.
local turned = false

local function chapter_head(number, words, landscape)
  local pages = landscape and "..landscape, " or turned and "..upright, " or ""
  turned = landscape
  return raw(("#set page(%sheader: chapter-head(%s, %s))"):format(pages, number and literal(number) or "none", literal(words)))
end

function typst.contents()
  return is_report and { chapter_head(nil, "Contents"), raw("#press-contents") } or raw("#press-contents")
end

-- A list right behind another one goes on below it.
function typst.on_same_page(header)
  header.attributes["press-follows"] = "true"
end

function typst.list(items)
  if #items == 0 then
    return pandoc.Plain({ pandoc.Str("None.") })
  end
  return raw("#press-list(" .. array(items, function(item)
    return array({ item.id, item.number, item.caption }, literal)
  end) .. ")")
end

-- Typst looks for a path without a slash beside the file of the theme.
local function rooted(path)
  return literal(path:match("^/") and path or "/" .. path)
end

function typst.picture(path, alt)
  return raw_inline(("#box(image(%s, alt: %s, height: 1em));"):format(rooted(path), literal(alt)))
end

-- Figures and tables -------------------------------------------------------------------------------

function typst.figure(figure)
  return raw(("#press-figure(%s, alt: %s, number: %s, caption: %s, simulated: %s, notes: %s, id: %s)"):format(
    rooted(figure.path), literal(figure.alt), figure.number and literal(figure.number) or "none",
    literal(figure.caption), tostring(figure.simulated), array(figure.notes, literal),
    figure.id ~= "" and literal(figure.id) or "none"))
end

local function cell(text)
  return literal(finishing.stays_on_a_line(text) and text:gsub(" ", "\u{a0}") or text)
end

function typst.table(id, number, result)
  return raw(table.concat({
    ("#press-table(number: %s, caption: %s, simulated: %s, notes: %s, id: %s,"):format(
      literal(number), literal(result.caption), tostring(result.origin == "simulated"),
      array(result.notes or {}, literal), literal(id)),
    "  align: " .. array(result.columns, function(column) return column.align end) .. ",",
    "  header: " .. array(result.columns, function(column) return literal(column.label) end) .. ",",
    "  rows: " .. array(result.rows or {}, function(row) return "\n    " .. array(row, cell) end) .. ")",
  }, "\n"))
end

local function prose_table(element)
  local markup = markup_of({ element })
  return raw("#prose-table[" .. markup:gsub("align%(center%)%[#table%(", "align(left)[#table(", 1) .. "]")
end

local function around(before, content, after)
  local out = pandoc.Blocks({ raw(before) })
  out:extend(content)
  out:insert(raw(after))
  return out
end

-- Boxes --------------------------------------------------------------------------------------------

function typst.key_messages(div)
  return around("#key-messages[", div.content, "]")
end

function typst.figures_strip(_, cells)
  local written = {}
  for i, cell in ipairs(cells) do
    written[i] = ("([%s], [%s])"):format(markup_of({ pandoc.Plain(cell.big) }), markup_of({ pandoc.Plain(cell.words) }))
  end
  return raw("#figures-strip(" .. table.concat(written, ", ") .. ")")
end

function typst.box(id, number, title, content)
  return around(("#numbered-box(number: %s, title: %s, id: %s)["):format(
    number and literal(number) or "none", literal(title or ""), literal(id)), content, "]")
end

function typst.callout(kind, title, content)
  return around(("#callout(%s, %s)["):format(literal(kind), literal(title)), content, "]")
end

-- Formulas -----------------------------------------------------------------------------------------

local function equation(math, alt)
  local written = markup_of({ pandoc.Plain({ math }) }):gsub("%s+$", "")
  return ("math.equation(alt: %s, block: %s, %s)"):format(literal(alt), tostring(math.mathtype == "DisplayMath"), written)
end

function typst.formula(math, alt)
  return raw_inline("#" .. equation(math, alt) .. ";")
end

function typst.displayed(math, alt, id, number)
  return raw_inline(("#displayed(number: %s, id: %s, %s);"):format(
    number and literal(number) or "none", id ~= "" and literal(id) or "none", equation(math, alt)))
end

-- Terms, the list of sources -----------------------------------------------------------------------

-- pandoc puts each definition in a block of its own, which cannot stand on the line of its term.
local function definitions(list)
  local out = pandoc.Inlines({ raw_inline("#terms(") })
  for _, item in ipairs(list.content) do
    out:insert(raw_inline("terms.item(term["))
    out:extend(item[1])
    out:insert(raw_inline("], ["))
    local blocks = pandoc.Blocks({})
    for _, definition in ipairs(item[2]) do
      blocks:extend(definition)
    end
    if #blocks == 1 and (blocks[1].t == "Plain" or blocks[1].t == "Para") then
      out:extend(blocks[1].content)
    else
      out:insert(raw_inline(markup_of(blocks)))
    end
    out:insert(raw_inline("]), "))
  end
  out:insert(raw_inline(")"))
  return pandoc.Plain(out)
end

local function bibliography(div)
  if div.identifier ~= "refs" then
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
    -- As a string: "1." as markup begins a list.
    local content = pandoc.Inlines({ raw_inline(("#press-reference(%s, ["):format(literal(stringify(number)))) })
    content:extend(text)
    content:insert(raw_inline(("], id: %s)"):format(literal(entry.identifier))))
    out:insert(pandoc.Plain(content))
  end
  return out
end

-- The document -------------------------------------------------------------------------------------

function typst.metadata(meta, _)
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

local function new_chapter(header)
  local number, follows = header.attributes["press-number"], header.attributes["press-follows"]
  header.attributes["press-number"], header.attributes["press-follows"] = nil, nil
  if is_report and header.level == 1 and not follows then
    local words = header.content
    if number then
      words = pandoc.Inlines({ table.unpack(words, 2) })
    end
    return { chapter_head(number, stringify(words), header.classes:includes("landscape")), header }
  end
end

-- `write_box` writes a block that is a box.
function typst.write(blocks, write_box)
  return finishing.blocks(blocks, {
    Table = prose_table,
    DefinitionList = definitions,
    Header = new_chapter,
    Div = function(div)
      return div.classes:includes("page-break") and raw("#pagebreak(weak: true)") or bibliography(div) or write_box(div)
    end,
  })
end

return typst
